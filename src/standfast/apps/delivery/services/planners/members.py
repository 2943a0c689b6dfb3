"""Somebody joined: the organisation's default subscription, if it set one. Somebody left, or
a partner was sent away: nothing of the organisation's any more, also nothing that waits.
"""

from __future__ import annotations

import logging
from datetime import datetime

from standfast.apps.delivery.services.defaults import subscribe_new_member
from standfast.apps.delivery.services.taking_back import take_back_lost
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Member, OutboxEvent

logger = logging.getLogger(__name__)


def welcome_member(event: OutboxEvent, now: datetime) -> None:
    """Subscribe the new member, unless it has left meanwhile or the defaults do not fit it."""
    member = Member.objects.filter(pk=event.payload.get("member_id", 0)).first()
    if member is None:
        return
    try:
        subscribe_new_member(member=member, now=now)
    except Refused as refused:  # trying again would not help
        logger.warning("member %s is not subscribed: %s", member.pk, refused.message)


def tell_no_more(event: OutboxEvent, now: datetime) -> None:
    """Take back what still waits for the person, unless another role or a delegation lets it.

    Also at a partner's tenants: its people may read there as long as they belong to it.
    """
    take_back_lost(users=[event.payload["user_id"]], now=now)


def tell_partner_no_more(event: OutboxEvent, now: datetime) -> None:
    """A delegation ended: take back what still waits for the partner's people."""
    people = Member.objects.filter(organisation=event.payload["partner_id"])
    take_back_lost(users=set(people.values_list("user_id", flat=True)), now=now)
