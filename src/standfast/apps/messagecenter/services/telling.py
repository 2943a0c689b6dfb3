"""One update with its audience, its outbox rows and its audit entry, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _
from pyroaring import BitMap

from standfast.apps.incidents.services.wording import checked
from standfast.apps.messagecenter.models import Maintenance, MessageAudience, MessageUpdate
from standfast.apps.messagecenter.queries.reach import reached_now, scope_of
from standfast.apps.messagecenter.queries.stream import HIDDEN, QUIET, is_shown
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce

# The kind of an update → the kind of outbox event.
EVENTS = {
    "scheduled": "maintenance.scheduled",
    "changed": "maintenance.changed",
    "moved": "maintenance.changed",
    "news": "maintenance.changed",
    "started": "maintenance.started",
    "completed": "maintenance.completed",
    "cancelled": "maintenance.cancelled",
}


def say(
    *,
    maintenance: Maintenance,
    kind: str,
    body: Localised,
    by: Actor,
    now: datetime,
    before: tuple[datetime, datetime] | None = None,
    tell: bool = True,
    was_public: bool = False,
    **details: object,
) -> MessageUpdate:
    """Store the maintenance as its next version with one update, and tell everybody it concerns.

    Whoever was told once stays in the audience; tenants that have come since are told that there
    is a maintenance, also when `tell` is False: then the others are sent nothing, and only pages,
    open ones too, and calendars change. Visitors' pages let go of what `was_public` and no longer
    is. Raises Refused when nobody at all is reached.
    """
    known = maintenance.audience
    audience = _grown_audience(maintenance, by, now)
    maintenance.audience = audience
    maintenance.version += 1
    maintenance.sequence += 1
    maintenance.modified_at = now
    maintenance.save()
    last = maintenance.updates.aggregate(last=Max("number"))["last"] or 0
    update = MessageUpdate.objects.create(
        message=maintenance,
        number=last + 1,
        kind=kind,
        body=checked("note", body),
        state=maintenance.state,
        start_at=maintenance.start_at,
        end_at=maintenance.end_at,
        start_before=before[0] if before else None,
        end_before=before[1] if before else None,
        audience=audience,
        told=tell,
        created_at=now,
        by=by.user,
        actor=by.label[:200],
    )
    _announce(
        maintenance,
        update,
        now,
        newcomers=known is not None and audience != known,
        hidden=was_public and not is_shown(maintenance),
    )
    record(
        by=by,
        organisation=maintenance.provider,
        action=f"maintenance.{kind}",
        kind="message",
        key=maintenance.reference,
        now=now,
        update=update.number,
        tenants=audience.tenant_count,
        told=tell,
        **details,
    )
    return update


def _announce(
    maintenance: Maintenance,
    update: MessageUpdate,
    now: datetime,
    *,
    newcomers: bool,
    hidden: bool,
) -> None:
    """`newcomers`: this very update brings somebody in; `hidden`: it takes it from visitors."""
    told = {EVENTS[update.kind] if update.told else QUIET: "stayed" if newcomers else "all"}
    if newcomers:
        told["maintenance.scheduled"] = "added"
    if hidden:
        told[HIDDEN] = "visitors"
    for kind, group in told.items():
        announce(
            kind=kind,
            now=now,
            maintenance_id=maintenance.pk,
            update_id=update.pk,
            audience_id=update.audience_id,
            group=group,
        )


def _grown_audience(maintenance: Maintenance, by: Actor, now: datetime) -> MessageAudience:
    before = maintenance.audience
    told = BitMap.deserialize(bytes(before.tenants)) if before else BitMap()
    if before and maintenance.state in {"completed", "cancelled"}:
        return before  # too late to bring in anybody
    reached = reached_now(maintenance)
    added = reached.tenants - told
    if before and not added:
        return before
    if not before and not added:
        raise Refused(
            "services", _("No tenant uses these parts, so nobody would be told. Choose others.")
        )
    return MessageAudience.objects.create(
        message=maintenance,
        number=before.number + 1 if before else 1,
        at=now,
        actor=by.label[:200],
        scope=scope_of(maintenance).to_json(),
        tenants=(told | added).serialize(),
        added=added.serialize(),
        tenant_count=len(told | added),
        added_count=len(added),
        user_count=reached.total_users,
    )
