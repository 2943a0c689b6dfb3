"""What happens to a subscription, in the log of the organisation whose it is."""

from __future__ import annotations

from datetime import datetime

from standfast.apps.delivery.models import Subscription
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.services.audit import record


def audit(action: str, subscription: Subscription, by: Actor, now: datetime) -> None:
    record(
        by=by,
        organisation=subscription.organisation,
        action=action,
        kind="subscription",
        key=subscription.pk,
        now=now,
        channel=subscription.channel,
        address=subscription.owner_address,
        own=subscription.user_id is not None,
    )
