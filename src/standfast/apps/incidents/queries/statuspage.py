"""Issues and services as the facts of a Statuspage: of a provider's public page, of a tenant's own.

Whole pages, maintenance included, are put together in the message center's queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import prefetch_related_objects

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.queries.board import KEPT, current_board
from standfast.apps.incidents.queries.public import public_issues
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.languages import pick
from standfast.apps.tenancy.models import Organisation
from standfast.engine.wire.statuspage.facts import Component, Incident, Update
from standfast.engine.wire.statuspage.words import component_status, worst_component

PUBLIC_KEPT = timedelta(days=90)


def public_address(provider: Organisation) -> str:
    """Where people read the provider's public page."""
    return f"{settings.BASE_URL}/status/{provider.slug}/"


def portal_address(tenant: Organisation) -> str:
    """Where the tenant's people read its dashboard."""
    return f"{settings.BASE_URL}/portal/{tenant.slug}/"


def public_incidents(provider: Organisation, *, now: datetime) -> list[Incident]:
    """The public issues that are open or ended in the last 90 days, newest first."""
    issues = public_issues(provider, since=now - PUBLIC_KEPT)
    return incidents_of(list(issues), page=public_address(provider), language=provider.language)


def tenant_incidents(
    tenant: Organisation, *, now: datetime, open_only: bool = False
) -> list[Incident]:
    """The issues whose audience holds the tenant, open or ended in the last 35 days."""
    if tenant.number is None:
        raise NoAccess
    board = current_board(now)
    seats = dict(board.open_for(tenant.number))
    if not open_only:
        seats |= board.history_for(tenant.number, now - KEPT)
    issues = [seat.issue for seat in seats.values() if tenant.number in seat.tenants]
    issues.sort(key=lambda issue: (issue.start_at, issue.pk), reverse=True)
    return incidents_of(issues, page=portal_address(tenant), language=tenant.language)


def public_components(
    provider: Organisation, incidents: Sequence[Incident], *, at_work: Collection[str] = ()
) -> list[Component]:
    """The provider's public services; `at_work` are the keys of those in maintenance."""
    rows = Service.objects.filter(provider=provider, is_public=True, retired_at__isnull=True)
    found = rows.select_related("provider")
    return components_of(found, incidents, language=provider.language, at_work=at_work)


def tenant_components(
    tenant: Organisation, incidents: Sequence[Incident], *, at_work: Collection[str] = ()
) -> list[Component]:
    """The services that the tenant subscribes to."""
    rows = Service.objects.filter(tenant_subscriptions__tenant=tenant, retired_at__isnull=True)
    found = rows.select_related("provider")
    return components_of(found, incidents, language=tenant.language, at_work=at_work)


def incidents_of(issues: Sequence[Issue], *, page: str, language: str) -> list[Incident]:
    """Issues as incidents, with what all their readers were told.

    One query for the posts, and one for the providers of services that have not been read.
    """
    prefetch_related_objects(issues, "service__provider")
    posts: dict[int, list[Post]] = {issue.pk: [] for issue in issues}
    rows = Post.objects.filter(issue__in=posts).exclude(kind="closing").order_by("-number")
    for post in rows:
        posts[post.issue_id].append(post)
    return [incident_of(issue, posts[issue.pk], page=page, language=language) for issue in issues]


def incident_of(issue: Issue, posts: Iterable[Post], *, page: str, language: str) -> Incident:
    """One issue; `posts` newest first, `page` the address that its own begins with."""
    status = component_status(issue.status, severity=issue.severity)
    return Incident(
        key=issue.reference,
        name=pick(issue.title, language),
        status=issue.status,
        severity=issue.severity,
        classification=issue.classification,
        url=f"{page}issues/{issue.reference}/",
        created_at=issue.published_at or issue.start_at,
        updated_at=issue.modified_at,
        started_at=issue.start_at,
        resolved_at=None if issue.is_open else issue.end_at or issue.modified_at,
        components=(
            component_of(issue.service, status, language=language, changed=issue.modified_at),
        ),
        updates=tuple(
            Update(str(post.number), post.status, pick(post.body, language), post.created_at)
            for post in posts
        ),
    )


def components_of(
    services: Iterable[Service],
    incidents: Sequence[Incident],
    *,
    language: str,
    at_work: Collection[str] = (),
) -> list[Component]:
    """Services, each as bad as the worst of the open incidents on it."""
    made = []
    for place, service in enumerate(services, start=1):
        key = service_key(service)
        mine = [each for each in incidents if any(part.key == key for part in each.components)]
        statuses = [each.components[0].status for each in mine if each.is_open]
        status = worst_component([*statuses, *(["under_maintenance"] if key in at_work else [])])
        changed = max((each.updated_at for each in mine), default=None)
        made.append(
            component_of(service, status, language=language, changed=changed, position=place)
        )
    return made


def component_of(
    service: Service, status: str, *, language: str, changed: datetime | None, position: int = 0
) -> Component:
    """One service; `changed` is when an issue on it last was, None when there was none.

    To the second: the front's board keeps it for every tenant and service.
    """
    began = service.provider.created_at
    return Component(
        key=service_key(service),
        name=pick(service.name, language),
        status=status,
        created_at=began,
        updated_at=(changed or began).replace(microsecond=0),
        position=position or service.position,
        description=pick(service.description, language),
    )


def service_key(service: Service) -> str:
    """The key of a service among those of all providers."""
    return f"{service.provider.slug}/{service.key}"
