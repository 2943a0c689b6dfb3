"""The kind of an outbox event → who plans what is told of it: one module and one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from standfast.apps.delivery.services.planners.maintenance import MAINTENANCE, plan_maintenance
from standfast.apps.delivery.services.planners.members import (
    tell_no_more,
    tell_partner_no_more,
    welcome_member,
)
from standfast.apps.delivery.services.planners.posts import POSTS, plan_post
from standfast.apps.delivery.services.planners.warnings import WARNINGS, warn_staff
from standfast.apps.tenancy.models import OutboxEvent

# Called inside the transaction that marks the event as handled; a planner that raises is called
# again later, one that has nothing to tell returns.
Planner = Callable[[OutboxEvent, datetime], None]

PLANNERS: Mapping[str, Planner] = {
    **dict.fromkeys(POSTS, plan_post),
    **dict.fromkeys(WARNINGS, warn_staff),
    **dict.fromkeys(MAINTENANCE, plan_maintenance),
    "member.added": welcome_member,
    "member.lost_role": tell_no_more,
    "delegation.ended": tell_partner_no_more,
}
