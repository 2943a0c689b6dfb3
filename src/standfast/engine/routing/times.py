"""When a person is left alone, and when a digest is due: on the person's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

EVERY_DAY = frozenset(range(7))


class Every(StrEnum):
    """How often a digest is written."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours: from `start` to `end` on the clock of `zone`, on `days` (0 is Monday).

    Past midnight they belong to the day on which they start; an equal start and end is a whole day.
    A notice of at least the severity `breaks_at` is told all the same.
    """

    start: time
    end: time
    zone: tzinfo
    days: frozenset[int] = EVERY_DAY
    breaks_at: str = "high"

    def end_after(self, now: datetime) -> datetime | None:
        """When the quiet that holds at `now` ends (aware UTC); None when it is not quiet.

        Quiet times that touch, as whole days do, count as one; a week of them has no end, so the
        end of the eighth is taken.
        """
        ends, moment = None, now
        for _ in range(8):
            end = self._end_of_one(moment)
            if end is None:
                break
            ends = moment = end
        return ends

    def _end_of_one(self, now: datetime) -> datetime | None:
        today = now.astimezone(self.zone).date()
        for day in (today - timedelta(days=1), today):
            if day.weekday() not in self.days:
                continue
            last = day if self.start < self.end else day + timedelta(days=1)
            begins, ends = _at(day, self.start, self.zone), _at(last, self.end, self.zone)
            if begins <= now < ends:
                return ends
        return None


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told together: every full hour, or at `at` each day or on one `day` of the week."""

    every: Every
    zone: tzinfo
    at: time = time(8, 0)
    day: int = 0

    def next_after(self, now: datetime) -> datetime:
        """The first time for a digest after `now` (aware UTC)."""
        local = now.astimezone(self.zone)
        if self.every is Every.HOURLY:
            # In UTC: the hour that a change of clocks repeats is two. Some zones are half an hour
            # off, so that the full hour of their clocks is not one of UTC.
            past = timedelta(
                minutes=local.minute, seconds=local.second, microseconds=local.microsecond
            )
            return now - past + timedelta(hours=1)
        today = local.date()
        days = (today + timedelta(days=ahead) for ahead in range(9))
        due = (
            _at(day, self.at, self.zone)
            for day in days
            if self.every is Every.DAILY or day.weekday() == self.day
        )
        return next(moment for moment in due if moment > now)


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    """A local time as UTC; one that the change of clocks skips comes an hour later."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
