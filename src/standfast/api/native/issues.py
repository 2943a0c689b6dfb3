"""A provider's issues. Scopes `issues.read` and `issues.write` (drafts, posts, the end)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from standfast.api.auth import ApiRequest, TokenAuth, actor_of
from standfast.api.native.issue_shapes import (
    IssueIn,
    IssuePage,
    IssueWithPosts,
    PublishIn,
    ResolveIn,
    ScopeShape,
    UpdateIn,
    short_shape,
    whole_shape,
)
from standfast.api.native.named import service_named
from standfast.api.native.paging import paged
from standfast.apps.catalog.queries.components import components_by_key
from standfast.apps.catalog.queries.services import features_of
from standfast.apps.catalog.queries.tenants import get_tenant_for
from standfast.apps.incidents.queries.issues import get_issue_of, provider_issues
from standfast.apps.incidents.services import drafting, publishing, updating
from standfast.apps.incidents.services.fields import IssueFields, fields_of
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.engine.targeting import Scope, UnknownComponents

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Feature, Service
    from standfast.apps.incidents.models import Issue
    from standfast.apps.tenancy.models import Organisation

router = Router(tags=["issues"])
READ, WRITE = TokenAuth("issues.read"), TokenAuth("issues.write")
PAGE_SIZE = 50
Stage = Literal["detected", "draft", "published", "resolved", "dismissed"]


@router.get("", response=IssuePage, auth=READ)
def issues(
    request: HttpRequest,
    *,
    stage: Stage | None = None,
    service: str | None = None,
    classification: Literal["incident", "advisory"] | None = None,
    q: str = "",
    page: int = 1,
) -> dict[str, Any]:
    """The issues, last changed first; `q` looks in ids and titles."""
    provider = _provider(request)
    rows = provider_issues(
        provider,
        stages=[stage] if stage else None,
        service_id=service_named(provider, service).pk if service else None,
        classification=classification or "",
        search=q,
    )
    return paged(Paginator(rows, PAGE_SIZE).get_page(page), short_shape)


@router.get("/{reference}", response=IssueWithPosts, auth=READ)
def issue(request: HttpRequest, reference: str) -> dict[str, Any]:
    """One issue with its scope, posts and audiences."""
    return whole_shape(get_issue_of(_provider(request), reference))


@router.post("", response={201: IssueWithPosts}, auth=WRITE)
def create(request: HttpRequest, body: IssueIn) -> Status[dict[str, Any]]:
    """Write a draft, which no tenant sees."""
    caller, provider = cast(ApiRequest, request), _provider(request)
    service = service_named(provider, body.service)
    texts = body.dict(exclude={"service", "feature", "scope", "cadence_minutes"})
    fields = IssueFields(
        service=service,
        feature=_feature_named(service, body.feature),
        cadence_minutes=body.cadence_minutes or service.cadence_minutes,
        **texts,
    )
    made = drafting.create_draft(
        provider=provider,
        fields=fields,
        scope=_scope(provider, body.scope),
        by=actor_of(caller),
        now=caller.now,
    )
    return Status(201, _fresh(made))


@router.put("/{reference}/scope", response=IssueWithPosts, auth=WRITE)
def choose_scope(
    request: HttpRequest, reference: str, body: ScopeShape, version: int
) -> dict[str, Any]:
    """Choose who is hit by an unpublished issue, as it was at `version`."""
    caller, provider = cast(ApiRequest, request), _provider(request)
    found = get_issue_of(provider, reference)
    scope = _scope(provider, body)
    drafting.set_scope(
        issue=found, version=version, scope=scope, by=actor_of(caller), now=caller.now
    )
    return _fresh(found)


@router.post("/{reference}/publish", response=IssueWithPosts, auth=WRITE)
def publish(request: HttpRequest, reference: str, body: PublishIn) -> dict[str, Any]:
    """Publish a draft to its audience."""
    caller = cast(ApiRequest, request)
    found = get_issue_of(_provider(request), reference)
    try:
        publishing.publish(issue=found, by=actor_of(caller), now=caller.now, **body.dict())
    except UnknownComponents as gone:
        raise Refused(
            "components", _("Some of the components no longer exist; choose them again.")
        ) from gone
    return _fresh(found)


@router.post("/{reference}/updates", response=IssueWithPosts, auth=WRITE)
def update(request: HttpRequest, reference: str, body: UpdateIn) -> dict[str, Any]:
    """Post news on an open issue."""
    caller = cast(ApiRequest, request)
    found = get_issue_of(_provider(request), reference)
    changed = {name: text for name, text in body.changes.dict().items() if text is not None}
    updating.post_update(
        issue=found,
        status=body.status or found.status,
        fields=replace(fields_of(found), **changed) if changed else None,
        by=actor_of(caller),
        now=caller.now,
        **body.dict(exclude={"status", "changes"}),
    )
    return _fresh(found)


@router.post("/{reference}/resolve", response=IssueWithPosts, auth=WRITE)
def resolve(request: HttpRequest, reference: str, body: ResolveIn) -> dict[str, Any]:
    """Close an issue as restored, or as a false positive."""
    caller = cast(ApiRequest, request)
    found = get_issue_of(_provider(request), reference)
    cause = body.root_cause
    updating.resolve(
        issue=found,
        fields=None if cause is None else replace(fields_of(found), root_cause=cause),
        by=actor_of(caller),
        now=caller.now,
        **body.dict(exclude={"root_cause"}),
    )
    return _fresh(found)


def _provider(request: HttpRequest) -> Organisation:
    return cast(ApiRequest, request).auth.organisation


def _fresh(issue: Issue) -> dict[str, Any]:
    return whole_shape(get_issue_of(issue.provider, issue.reference))


def _feature_named(service: Service, key: str | None) -> Feature | None:
    if key is None:
        return None
    for feature in features_of(service):
        if feature.key == key:
            return feature
    raise Refused("feature", _("The service has no feature with this key."))


def _scope(provider: Organisation, shape: ScopeShape) -> Scope:
    """The scope with keys as rows. Raises Refused naming the list that has an unknown one."""
    return Scope(
        components=_components(provider, shape.components),
        services=frozenset(service_named(provider, key).pk for key in shape.services),
        include=_tenants(provider, "include", shape.include),
        exclude=_tenants(provider, "exclude", shape.exclude),
        unclear=shape.unclear,
    )


def _components(provider: Organisation, keys: list[str]) -> frozenset[int]:
    found = components_by_key(provider, keys)
    if missing := [key for key in keys if key not in found]:
        raise Refused("components", _("There is no component “%s”.") % missing[0][:100])
    return frozenset(each.pk for each in found.values())


def _tenants(provider: Organisation, field: str, slugs: Iterable[str]) -> frozenset[int]:
    numbers = set()
    for slug in slugs:
        try:
            number = get_tenant_for(provider, slug).number
        except NoAccess:
            number = None
        if number is None:
            raise Refused(field, _("None of your tenants has the short name “%s”.") % slug[:60])
        numbers.add(number)
    return frozenset(numbers)
