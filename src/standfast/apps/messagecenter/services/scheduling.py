"""Telling of a maintenance, moving it, changing what is said, calling it off.

Everybody who was told once hears of each change: a window that people have noted down does not
move in silence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.messagecenter.models import Maintenance, MessageUpdate
from standfast.apps.messagecenter.queries.stream import is_shown
from standfast.apps.messagecenter.services.fields import (
    MaintenanceFields,
    check_fields,
    fields_of,
    write_fields,
)
from standfast.apps.messagecenter.services.locking import locked
from standfast.apps.messagecenter.services.telling import say
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised

PLANNED = {"scheduled", "in_progress"}


@transaction.atomic
def schedule(
    *, maintenance: Maintenance, version: int | None, by: Actor, now: datetime
) -> MessageUpdate:
    """Tell the audience of a draft. Raises Refused (a field, nobody reached) or Conflict."""
    row = locked(maintenance, version=version, states={"draft"})
    check_fields(fields_of(row), provider=row.provider, now=now)
    row.state, row.published_at = "scheduled", now
    return say(maintenance=row, kind="scheduled", body={}, by=by, now=now)


@transaction.atomic
def change(
    *,
    maintenance: Maintenance,
    version: int | None,
    fields: MaintenanceFields,
    note: Localised,
    tell: bool = True,
    by: Actor,
    now: datetime,
) -> MessageUpdate:
    """Change what was told: the texts, the parts, the window. `note` says why, to everybody.

    `tell` False tells only those whom the change brings in, that there is a maintenance. Another
    window is a move, and a move is always told. Raises Refused when nothing changes.
    """
    row = locked(maintenance, version=version, states=PLANNED)
    before, was_public = fields_of(row), is_shown(row)
    if row.state == "in_progress" and fields.start_at != before.start_at:
        raise Refused("start_at", _("The work has begun; only its end can move."))
    fields = check_fields(
        fields,
        provider=row.provider,
        now=now,
        planned=row.state == "scheduled" and fields.start_at != before.start_at,
    )
    changed = write_fields(row, fields)
    if not changed:
        raise Refused("version", _("Nothing has changed, so there is nothing to tell."))
    moved = bool({"start_at", "end_at"} & set(changed))
    return say(
        maintenance=row,
        kind="moved" if moved else "changed",
        body=note,
        before=(before.start_at, before.end_at) if moved else None,
        tell=tell or moved,
        was_public=was_public,
        by=by,
        now=now,
        changed=changed,
    )


def move(
    *,
    maintenance: Maintenance,
    version: int | None,
    start_at: datetime,
    end_at: datetime,
    note: Localised,
    by: Actor,
    now: datetime,
) -> MessageUpdate:
    """Move the window and tell everybody who was told the old one."""
    fields = replace(fields_of(maintenance), start_at=start_at, end_at=end_at)
    return change(
        maintenance=maintenance, version=version, fields=fields, note=note, by=by, now=now
    )


@transaction.atomic
def cancel(
    *, maintenance: Maintenance, version: int | None, note: Localised, by: Actor, now: datetime
) -> MessageUpdate:
    """Call it off and tell everybody who was told; calendars take the event out."""
    row = locked(maintenance, version=version, states=PLANNED)
    row.state, row.ended_at = "cancelled", now
    return say(maintenance=row, kind="cancelled", body=note, by=by, now=now)
