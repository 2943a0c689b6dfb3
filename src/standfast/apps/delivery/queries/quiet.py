"""Quiet hours and digests of a set of subscriptions, on each recipient's own clock."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from django.db.models import QuerySet

from standfast.apps.delivery.models import OrganisationDefaults, QuietHours, Subscription
from standfast.apps.delivery.moments import zone_named
from standfast.engine.routing.times import EVERY_DAY, Digest, Every, Quiet

_EVERY = frozenset(each.value for each in Every)


class QuietTimes:
    """A person's quiet hours, else those that the organisation set for its people.

    Shared channels have none: a mailbox is not woken up.
    """

    def __init__(self, rows: QuerySet[Subscription]) -> None:
        own = QuietHours.objects.filter(user__in=rows.values("user"))
        self._own = {each.user_id: each for each in own}
        defaults = OrganisationDefaults.objects.filter(
            organisation__in=rows.values("organisation"), quiet_is_on=True
        )
        self._defaults = {each.organisation_id: each for each in defaults}

    def hours(self, row: dict[str, Any]) -> Quiet | None:
        """The quiet hours that hold for this subscription."""
        if row["user_id"] is None:
            return None
        if own := self._own.get(row["user_id"]):
            if not own.is_on:
                return None
            return Quiet(own.start, own.end, _zone(row), _days(own.days), own.breaks_at)
        if shared := self._defaults.get(row["organisation_id"]):
            return Quiet(
                shared.quiet_start,
                shared.quiet_end,
                _zone(row),
                _days(shared.quiet_days),
                shared.quiet_breaks_at,
            )
        return None

    @staticmethod
    def digest(row: dict[str, Any]) -> Digest | None:
        """When this subscription is told, if not at once."""
        if row["digest"] not in _EVERY:
            return None
        return Digest(Every(row["digest"]), _zone(row), row["digest_at"], row["digest_day"])


def _zone(row: dict[str, Any]) -> tzinfo:
    return zone_named(row["user__time_zone"], row["organisation__time_zone"])


def _days(days: list[int]) -> frozenset[int]:
    """Stored days; none at all means every day."""
    return frozenset(days) or EVERY_DAY
