"""When the next update is due, and whether such promises are kept: functions of time only.

All times are aware datetimes. A promise is kept by a real update, or the resolution, at or
before its due time, and overdue strictly after it, so it can never be both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from standfast.engine.health.refusal import Refused, gettext_noop

PromiseState = Literal["on_track", "due_soon", "overdue"]

DEFAULT_CADENCE: Final = timedelta(minutes=60)
DEFAULT_WARNING: Final = timedelta(minutes=15)
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=14)

#: The kinds of post that everybody in the audience sees and that carry news. A closing note goes
#: to released tenants only, and automatic filler tells nothing, so neither keeps a promise.
KEEPING_KINDS: Final[frozenset[str]] = frozenset({"regular", "quick"})


class CadenceRefused(Refused):
    """A cadence or a due time that cannot be promised."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a promise stands: `remaining` is negative when late; `changes_at` None when it is late.

    `changes_at` is when `state` becomes the next one, if no update comes before.
    """

    state: PromiseState
    due_at: datetime
    remaining: timedelta
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise and the instant of the update (or resolution) that answered it, if any."""

    due_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnTime:
    """How many promises were kept, were missed, and are still open (not counted in `rate`)."""

    kept: int
    missed: int
    open: int

    @property
    def rate(self) -> float | None:
        """Kept promises as a share (0 to 1) of those decided; None when none is decided."""
        decided = self.kept + self.missed
        return self.kept / decided if decided else None


def next_update_by(
    now: datetime, cadence: timedelta | None, exact: datetime | None
) -> datetime | None:
    """When the next update is promised: the exact time if given, else after one cadence.

    None of both promises nothing (a resolving post). Raises `CadenceRefused` naming the field
    `next_update_by` (no zone, in the past, too far) or `cadence` (too short, too long).
    """
    if exact is not None:
        return _checked_exact(now, exact)
    if cadence is None:
        return None
    if not SHORTEST <= cadence <= LONGEST:
        raise CadenceRefused(
            "cadence",
            gettext_noop("Give between 1 minute and %(days)s days between updates."),
            days=LONGEST.days,
        )
    return now + cadence


def standing(due_at: datetime, now: datetime, warn_before: timedelta = DEFAULT_WARNING) -> Standing:
    """How an unanswered promise stands at `now`."""
    remaining = due_at - now
    if remaining < timedelta(0):
        return Standing("overdue", due_at, remaining, None)
    if remaining <= warn_before:
        return Standing("due_soon", due_at, remaining, due_at)
    return Standing("on_track", due_at, remaining, due_at - warn_before)


def promise_state(
    due_at: datetime, now: datetime, warn_before: timedelta = DEFAULT_WARNING
) -> PromiseState:
    """`on_track`, `due_soon` (from `warn_before` ahead) or `overdue` (after the due time)."""
    return standing(due_at, now, warn_before).state


def next_check(
    due_ats: Iterable[datetime], now: datetime, warn_before: timedelta = DEFAULT_WARNING
) -> datetime | None:
    """The earliest instant after `now` at which some promise turns due soon or overdue.

    A promise turns overdue just after its due time, so the check for it is at the due time.
    """
    instants = (at for due_at in due_ats for at in (due_at - warn_before, due_at))
    return min((at for at in instants if at > now), default=None)


def kept(due_at: datetime, next_update_at: datetime | None) -> bool:
    """Whether the next real update came at or before the due time."""
    return next_update_at is not None and next_update_at <= due_at


def answered_at(
    made_at: datetime,
    posts: Iterable[tuple[datetime, str]],
    resolved_at: datetime | None = None,
) -> datetime | None:
    """When a promise made at `made_at` was answered, or None.

    `posts` are (time, kind) pairs in any order; filler does not answer, the resolution does.
    """
    answers = [at for at, kind in posts if kind in KEEPING_KINDS and at > made_at]
    if resolved_at is not None and resolved_at > made_at:
        answers.append(resolved_at)
    return min(answers, default=None)


def on_time_rate(promises: Iterable[Promised], now: datetime) -> OnTime:
    """How well the promises were kept; one that is open and not yet overdue does not count."""
    kept_count = missed = still_open = 0
    for promise in promises:
        if kept(promise.due_at, promise.answered_at):
            kept_count += 1
        elif promise.answered_at is None and now <= promise.due_at:
            still_open += 1
        else:
            missed += 1
    return OnTime(kept_count, missed, still_open)


def _checked_exact(now: datetime, exact: datetime) -> datetime:
    if exact.tzinfo is None:
        problem = gettext_noop("The time has no zone; write it like 2026-01-31T14:00:00Z.")
    elif exact <= now:
        problem = gettext_noop("The next update must be in the future.")
    elif exact - now > LONGEST:
        raise CadenceRefused(
            "next_update_by",
            gettext_noop("The next update must come within %(days)s days."),
            days=LONGEST.days,
        )
    else:
        return exact
    raise CadenceRefused("next_update_by", problem)
