"""What a person chooses beside channels: quiet hours, and single issues to follow or mute."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.translation import gettext as _

from standfast.apps.delivery.models import Delivery, IssueWish, QuietHours
from standfast.apps.delivery.services.taking_back import take_back_muted
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import User
from standfast.engine.health.severity import Severity
from standfast.engine.routing.notice import Wish

ALL_DAYS = range(7)


@dataclass(frozen=True, slots=True)
class QuietWish:
    """Quiet hours as asked for; `days` are 0 (Monday) to 6, none meaning every day."""

    is_on: bool
    start: time
    end: time
    days: Collection[int] = ()
    breaks_at: str = "high"


def checked_quiet(wish: QuietWish) -> QuietWish:
    """Return the wish. Raises Refused (quiet_breaks_at, quiet_days, quiet_end)."""
    if wish.breaks_at not in {Severity.HIGH, Severity.CRITICAL}:
        raise Refused("quiet_breaks_at", _("Choose high or critical."))
    if any(not 0 <= day <= 6 for day in wish.days):
        raise Refused("quiet_days", _("Choose days of the week."))
    every_day = len(set(wish.days) or ALL_DAYS) == len(ALL_DAYS)
    if wish.is_on and wish.start == wish.end and every_day:
        raise Refused(
            "quiet_end",
            _(
                "From one time to the same is the whole day, so these hours would never end."
                " Choose another time, or single days."
            ),
        )
    return wish


def choose_quiet_hours(*, user: User, wish: QuietWish) -> QuietHours:
    """Store when a person is left alone, in whichever organisation. Raises Refused."""
    checked = checked_quiet(wish)
    row, _made = QuietHours.objects.update_or_create(
        user=user,
        defaults={
            "is_on": checked.is_on,
            "start": checked.start,
            "end": checked.end,
            "days": sorted(set(checked.days)),
            "breaks_at": checked.breaks_at,
        },
    )
    return row


def wish_for_issue(*, user: User, issue: Issue, wish: str, now: datetime) -> None:
    """Follow or mute an issue, or (with an empty wish) neither. Raises Refused (wish)."""
    if wish not in list(Wish):
        raise Refused("wish", _("Follow it, mute it, or neither."))
    if not wish:
        IssueWish.objects.filter(user=user, issue=issue).delete()
        return
    IssueWish.objects.update_or_create(
        user=user, issue=issue, defaults={"wish": wish, "created_at": now}
    )
    if wish == Wish.MUTE:
        take_back_muted(user=user, issue=issue)


def note_seen(*, user: User, issue: Issue, now: datetime) -> None:
    """The person has the issue before its eyes: what was sent about it is confirmed.

    So nobody is called over the next channel about what they know, be it waiting for its turn or
    for the end of the night.
    """
    own = Delivery.objects.filter(
        subscription__user=user,
        notice__issue=issue,
        confirmed_at__isnull=True,
        state__in=["pending", "claimed", "sent"],
    )
    ids = list(own.values_list("id", flat=True)[:200])
    if ids:
        Delivery.objects.filter(pk__in=ids).update(confirmed_at=now)
    fallbacks = Delivery.objects.filter(
        subscription__user=user, notice__issue=issue, fallback_of__isnull=False
    )
    waiting = fallbacks.filter(state__in=["standby", "held"]).values_list("id", flat=True)[:200]
    if spared := list(waiting):
        rows = Delivery.objects.filter(pk__in=spared, state__in=["standby", "held"])
        rows.update(state="spared", held_until=None)
