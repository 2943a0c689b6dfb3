"""While the work goes on: start, news, end, by hand or by the clock."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from standfast.apps.messagecenter.models import Maintenance, MessageUpdate
from standfast.apps.messagecenter.services.locking import locked
from standfast.apps.messagecenter.services.scheduling import PLANNED
from standfast.apps.messagecenter.services.telling import say
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised

CLOCK = Actor.system("maintenance")
AT_ONCE = 50


@transaction.atomic
def start(
    *,
    maintenance: Maintenance,
    version: int | None,
    note: Localised | None = None,
    by: Actor,
    now: datetime,
) -> MessageUpdate:
    """The work begins."""
    row = locked(maintenance, version=version, states={"scheduled"})
    row.state = "in_progress"
    return say(maintenance=row, kind="started", body=note or {}, by=by, now=now)


@transaction.atomic
def post_news(
    *, maintenance: Maintenance, version: int | None, note: Localised, by: Actor, now: datetime
) -> MessageUpdate:
    """Say how it goes."""
    row = locked(maintenance, version=version, states=PLANNED)
    if not any(words.strip() for words in note.values()):
        raise Refused("note_en", _("Write this in at least one language."))
    return say(maintenance=row, kind="news", body=note, by=by, now=now)


@transaction.atomic
def complete(
    *,
    maintenance: Maintenance,
    version: int | None,
    note: Localised | None = None,
    by: Actor,
    now: datetime,
) -> MessageUpdate:
    """The work is done, whether its start was told or not."""
    row = locked(maintenance, version=version, states=PLANNED)
    if row.state == "scheduled" and row.start_at and row.start_at > now:
        raise Refused("state", _("This has not begun yet; cancel it, or start it first."))
    row.state, row.ended_at = "completed", now
    return say(maintenance=row, kind="completed", body=note or {}, by=by, now=now)


def follow_the_clock(*, now: datetime) -> int:
    """Start what begins by itself, end what ends by itself. Returns how many were moved on.

    When a whole window went by while no worker ran, only its end is told.
    """
    begins = Q(state="scheduled", starts_itself=True, start_at__lte=now)
    over = Q(state="in_progress", ends_itself=True, end_at__lte=now)
    due = Maintenance.objects.filter(begins | over).order_by("start_at", "id")
    return sum(_move_on(each, now) for each in list(due[:AT_ONCE]))


def _move_on(maintenance: Maintenance, now: datetime) -> bool:
    assert maintenance.end_at is not None, "a maintenance has a window"
    act = complete if maintenance.ends_itself and maintenance.end_at <= now else start
    try:
        act(maintenance=maintenance, version=maintenance.version, by=CLOCK, now=now)
    except Refused:  # a person was quicker, and may have moved it
        return False
    return True
