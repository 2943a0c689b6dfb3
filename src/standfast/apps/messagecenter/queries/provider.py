"""The provider's side: its maintenance in every state, and who is told of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from standfast.apps.catalog.queries.audiences import AudienceView, resolve_scope
from standfast.apps.messagecenter.models import Maintenance, MessageAudience
from standfast.apps.messagecenter.queries.views import ProviderView
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import AuditEntry, Organisation
from standfast.apps.tenancy.queries.access import Access
from standfast.engine.targeting import Scope


@dataclass(frozen=True, slots=True)
class Late:
    """A maintenance that a person should have started or ended by now."""

    maintenance: Maintenance
    waits_for: str


def maintenance_of(
    provider: Organisation, *, states: Collection[str], search: str = ""
) -> QuerySet[Maintenance]:
    """The provider's maintenance in these states; planned ones soonest first, past newest."""
    rows = Maintenance.objects.filter(provider=provider, state__in=states)
    if word := search.strip():
        rows = rows.filter(
            Q(reference__icontains=word)
            | Q(title__en__icontains=word)
            | Q(**{"title__zh-hant__icontains": word})
        )
    over = "completed" in states or "cancelled" in states
    rows = rows.select_related("audience").defer("audience__tenants", "audience__added")
    return rows.prefetch_related("services").order_by(*(["-start_at"] if over else ["start_at"]))


def get_maintenance(access: Access, reference: str) -> Maintenance:
    """The provider's maintenance with this id. Raises NoAccess."""
    row = (
        Maintenance.objects.filter(provider=access.organisation, reference=reference)
        .select_related("provider", "audience")
        .first()
    )
    if access.face != "provider" or row is None:
        raise NoAccess
    return row


def provider_view(maintenance: Maintenance) -> ProviderView:
    """The maintenance with its parts and all that was said, newest first."""
    return ProviderView(
        maintenance=maintenance,
        services=list(maintenance.services.all()),
        components=list(maintenance.components.all()),
        updates=list(maintenance.updates.select_related("audience").order_by("-number")),
    )


def maintenance_by_id(maintenance_id: int) -> Maintenance | None:
    """For workers that handle an outbox row: the maintenance, whoever owns it."""
    rows = Maintenance.objects.select_related("provider", "audience")
    return rows.filter(pk=maintenance_id).first()


def audience_by_id(audience_id: int) -> MessageAudience:
    """One stored audience."""
    return MessageAudience.objects.get(pk=audience_id)


def who_is_reached(
    provider: Organisation, *, services: Collection[int], components: Collection[int]
) -> AudienceView:
    """Who has users on these parts at this moment, for the preview."""
    return resolve_scope(
        provider, Scope(services=frozenset(services), components=frozenset(components)), most=5
    )


def late_ones(provider: Organisation, *, now: datetime) -> list[Late]:
    """What should have begun or ended by hand and has not."""
    rows = Maintenance.objects.filter(provider=provider)
    unstarted = rows.filter(state="scheduled", starts_itself=False, start_at__lt=now)
    unended = rows.filter(state="in_progress", ends_itself=False, end_at__lt=now)
    return [
        *(Late(each, "start") for each in unstarted),
        *(Late(each, "end") for each in unended),
    ]


def trail_of(maintenance: Maintenance, *, limit: int = 100) -> list[AuditEntry]:
    """Who wrote what on the maintenance, newest first."""
    rows = AuditEntry.objects.filter(
        organisation=maintenance.provider, object_kind="message", object_key=maintenance.reference
    )
    return list(rows.select_related("user").order_by("-id")[:limit])
