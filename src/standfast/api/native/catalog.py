"""Services and their features. Scopes `catalog.read` and `catalog.write`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from standfast.api.auth import ApiRequest, TokenAuth, actor_of
from standfast.apps.catalog.queries.services import (
    features_of,
    get_feature_for,
    get_service_for,
    owner_choices,
    services_of,
)
from standfast.apps.catalog.services.offerings import (
    FeatureFields,
    ServiceFields,
    create_feature,
    create_service,
    fields_of_feature,
    fields_of_service,
    restore_service,
    retire_service,
    update_feature,
    update_service,
)
from standfast.apps.tenancy.errors import Refused

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Service
    from standfast.apps.tenancy.models import Organisation, User

router = Router(tags=["catalog"])
READ, WRITE = TokenAuth("catalog.read"), TokenAuth("catalog.write")
Texts = dict[str, str]


class FeatureOut(Schema):
    """A feature of a service."""

    key: str
    name: Texts
    group: Texts
    position: int


class ServiceOut(Schema):
    """A service; `owner` is the person's e-mail address."""

    key: str
    name: Texts
    description: Texts
    issue_prefix: str
    icon: str
    owner: str | None
    cadence_minutes: int
    is_public: bool
    position: int
    retired_at: datetime | None
    features: list[FeatureOut]


class ServiceIn(Schema):
    """A new service."""

    key: str
    name: Texts
    description: Texts = {}
    issue_prefix: str = "SF"
    icon: str = "stack-2"
    owner: str | None = None
    cadence_minutes: int = 60
    is_public: bool = True
    position: int = 0


class ServiceChanges(Schema):
    """What is given is changed; a null owner is nobody. The key stays: programs carry it."""

    name: Texts | None = None
    description: Texts | None = None
    issue_prefix: str | None = None
    icon: str | None = None
    owner: str | None = None
    cadence_minutes: int | None = None
    is_public: bool | None = None
    position: int | None = None


class FeatureIn(Schema):
    """A new feature."""

    key: str
    name: Texts
    group: Texts = {}
    position: int = 0


class FeatureChanges(Schema):
    """What is given is changed of a feature."""

    name: Texts | None = None
    group: Texts | None = None
    position: int | None = None


@router.get("", response=list[ServiceOut], auth=READ)
def services(request: HttpRequest, retired: bool = False) -> list[dict[str, Any]]:
    """The services in their order; with the retired ones when asked."""
    return [_shape(service) for service in services_of(_provider(request), retired=retired)]


@router.post("", response={201: ServiceOut}, auth=WRITE)
def add_service(request: HttpRequest, body: ServiceIn) -> Status[dict[str, Any]]:
    """Add a service."""
    caller = cast(ApiRequest, request)
    typed = body.dict(exclude={"key"})
    typed["owner"] = _owner(_provider(request), body.owner)
    made = create_service(
        provider=_provider(request),
        key=body.key,
        fields=ServiceFields(**typed),
        by=actor_of(caller),
        now=caller.now,
    )
    return Status(201, _shape(made))


@router.get("/{key}", response=ServiceOut, auth=READ)
def service(request: HttpRequest, key: str) -> dict[str, Any]:
    """One service."""
    return _shape(get_service_for(_provider(request), key))


@router.patch("/{key}", response=ServiceOut, auth=WRITE)
def change_service(request: HttpRequest, key: str, body: ServiceChanges) -> dict[str, Any]:
    """Change what is given."""
    caller, provider = cast(ApiRequest, request), _provider(request)
    found, changes = get_service_for(provider, key), _given(body)
    if "owner" in body.model_fields_set:
        changes["owner"] = _owner(provider, body.owner)
    fields = replace(fields_of_service(found), **changes)
    return _shape(update_service(service=found, fields=fields, by=actor_of(caller), now=caller.now))


@router.post("/{key}/retire", response=ServiceOut, auth=WRITE)
def retire(request: HttpRequest, key: str) -> dict[str, Any]:
    """Take a service out of use; its past issues stay."""
    caller = cast(ApiRequest, request)
    found = get_service_for(_provider(request), key)
    return _shape(retire_service(service=found, by=actor_of(caller), now=caller.now))


@router.post("/{key}/restore", response=ServiceOut, auth=WRITE)
def restore(request: HttpRequest, key: str) -> dict[str, Any]:
    """Put a retired service back into use."""
    caller = cast(ApiRequest, request)
    found = get_service_for(_provider(request), key)
    return _shape(restore_service(service=found, by=actor_of(caller), now=caller.now))


@router.post("/{key}/features", response={201: FeatureOut}, auth=WRITE)
def add_feature(request: HttpRequest, key: str, body: FeatureIn) -> Status[Any]:
    """Add a feature to a service."""
    caller = cast(ApiRequest, request)
    made = create_feature(
        service=get_service_for(_provider(request), key),
        key=body.key,
        fields=FeatureFields(**body.dict(exclude={"key"})),
        by=actor_of(caller),
        now=caller.now,
    )
    return Status(201, made)


@router.patch("/{key}/features/{feature}", response=FeatureOut, auth=WRITE)
def change_feature(request: HttpRequest, key: str, feature: str, body: FeatureChanges) -> Any:
    """Change what is given of a feature."""
    caller = cast(ApiRequest, request)
    found = get_feature_for(get_service_for(_provider(request), key), feature)
    fields = replace(fields_of_feature(found), **_given(body))
    return update_feature(feature=found, fields=fields, by=actor_of(caller), now=caller.now)


def _provider(request: HttpRequest) -> Organisation:
    return cast(ApiRequest, request).auth.organisation


def _given(body: Schema) -> dict[str, Any]:
    """What a change says; null leaves a field as it is."""
    return {name: value for name, value in body.dict().items() if value is not None}


def _owner(provider: Organisation, address: str | None) -> User | None:
    if not address:
        return None
    for person in owner_choices(provider):
        if person.email == address.strip().lower():
            return person
    raise Refused("owner", _("No member has this e-mail address; invite the person first."))


def _shape(found: Service) -> dict[str, Any]:
    names = set(ServiceOut.model_fields) - {"owner", "features"}
    return {
        **{name: getattr(found, name) for name in names},
        "owner": found.owner.email if found.owner else None,
        "features": features_of(found),
    }
