"""The lines of a send plan: what becomes of each subscription, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from standfast.engine.routing.notice import Subscription


class Action(StrEnum):
    """What becomes of a subscription: told now, told later, ready if another fails, or not told."""

    SEND = "send"
    HOLD = "hold"
    STAND_BY = "stand_by"
    SKIP = "skip"


class SendReason(StrEnum):
    """Why somebody is told."""

    SERVICE_CHOSEN = "service_chosen"
    ALL_SERVICES = "all_services"
    FOLLOWED = "followed"
    PROVIDER_STAFF = "provider_staff"
    VISITOR = "visitor"
    RELEASED = "released"


class SkipReason(StrEnum):
    """Why somebody is not told."""

    INACTIVE = "inactive"
    ACCESS_LOST = "access_lost"
    UNCONFIRMED = "unconfirmed"
    NOT_PUBLIC = "not_public"
    NOT_FOR_STAFF = "not_for_staff"
    NOT_IN_AUDIENCE = "not_in_audience"
    MUTED = "muted"
    KIND_NOT_CHOSEN = "kind_not_chosen"
    SERVICE_NOT_CHOSEN = "service_not_chosen"
    REGION_NOT_CHOSEN = "region_not_chosen"
    BELOW_SEVERITY = "below_severity"
    DUPLICATE_OF = "duplicate_of"
    TOLD_ELSEWHERE = "told_elsewhere"


class Remark(StrEnum):
    """What else was decided on the way."""

    FIRST_CHOICE = "first_choice"
    NEXT_CHOICE = "next_choice"
    ALWAYS = "always"
    DOUBTFUL = "doubtful"
    BESIDE_DOUBTFUL = "beside_doubtful"
    ONLY_DOUBTFUL = "only_doubtful"
    QUIET_HOURS = "quiet_hours"
    BREAKS_QUIET_HOURS = "breaks_quiet_hours"
    DIGEST = "digest"
    TOO_URGENT_FOR_DIGEST = "too_urgent_for_digest"
    BURST = "burst"


@dataclass(frozen=True, slots=True)
class Entry:
    """One subscription's line of the plan.

    `tenants` are the tenant numbers that its address stands for here; several when one address,
    such as a partner's, subscribed for several tenants. `until` is when something held is told.
    `instead_of` is the id of the subscription that is told first (stand_by) or in its place (skip).
    `failing` are the needs of the channel that are in doubt.
    """

    subscription: Subscription
    action: Action
    reason: SendReason | SkipReason
    tenants: tuple[int, ...] = ()
    remarks: tuple[Remark, ...] = ()
    until: datetime | None = None
    instead_of: int | None = None
    failing: frozenset[str] = frozenset()

    @property
    def channel(self) -> str:
        """The channel of the subscription."""
        return self.subscription.channel


@dataclass(frozen=True, slots=True)
class SendPlan:
    """One entry for each subscription, in the order of their ids."""

    entries: tuple[Entry, ...]

    def of(self, *actions: Action) -> tuple[Entry, ...]:
        """The entries with one of these actions."""
        return tuple(entry for entry in self.entries if entry.action in actions)

    @property
    def sends(self) -> tuple[Entry, ...]:
        """Who is told now or later: everything that is neither skipped nor only stands by."""
        return self.of(Action.SEND, Action.HOLD)

    @property
    def skips(self) -> tuple[Entry, ...]:
        """Who is not told."""
        return self.of(Action.SKIP)

    def skipped_by_reason(self) -> dict[str, int]:
        """How many were skipped for each reason, most frequent first."""
        return {
            reason.value: count
            for reason, count in Counter(skip.reason for skip in self.skips).most_common()
        }
