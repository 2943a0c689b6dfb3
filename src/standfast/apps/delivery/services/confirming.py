"""Asking the owner of an address whether it wants the messages, by a link sent there."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from standfast.apps.delivery.confirming import hash_of, token_of
from standfast.apps.delivery.models import Delivery, Notice, Subscription
from standfast.apps.delivery.queries.subscriptions import subscription_by_token
from standfast.apps.delivery.services.auditing import audit
from standfast.apps.delivery.services.writing import DeliveryDraft, write_deliveries
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess
from standfast.engine.routing.keys import idempotency_key

GOOD_FOR = timedelta(days=3)
# The same address is written to about its subscription at most so often, whoever asks.
ASK_EVERY = timedelta(minutes=10)
MOST_A_DAY = 5


def ask_to_confirm(*, subscription: Subscription, now: datetime) -> bool:
    """Send the link. Returns False when it was sent too often lately."""
    if _too_often(subscription, now):
        return False
    subscription.confirmed_at = None
    subscription.confirm_until = now + GOOD_FOR
    subscription.confirm_hash = hash_of(token_of(subscription))
    subscription.save(update_fields=["confirmed_at", "confirm_until", "confirm_hash"])
    return write_about(subscription=subscription, kind="confirm", now=now)


@transaction.atomic
def confirm_subscription(*, token: str, now: datetime) -> Subscription:
    """The owner of the address wants it. Safe to do twice. Raises NoAccess for a stale link."""
    found = subscription_by_token(token, now=now)
    if found is None:
        raise NoAccess
    if found.confirmed_at is None:
        found.confirmed_at = now
        found.save(update_fields=["confirmed_at"])
        audit("subscription.confirmed", found, Actor.system("link in a message"), now)
    return found


def write_about(*, subscription: Subscription, kind: str, now: datetime) -> bool:
    """Send a message about the subscription itself, unless there were too many lately."""
    if _too_often(subscription, now):
        return False
    notice = Notice.objects.create(kind=kind, created_at=now, planned_at=now)
    draft = DeliveryDraft(
        subscription_id=subscription.pk,
        user_id=None,
        channel=subscription.channel,
        address=subscription.address,
        language=subscription.language,
        reason=kind,
        key=idempotency_key(f"n{notice.pk}", subscription.pk, subscription.channel),
    )
    write_deliveries(notice=notice, drafts=[draft], now=now)
    return True


def _too_often(subscription: Subscription, now: datetime) -> bool:
    asked = Delivery.objects.filter(
        subscription=subscription, notice__kind__in=["confirm", "subscribed"]
    )
    here = asked.filter(address=subscription.address)  # a corrected one is asked at once
    lately = here.filter(notice__created_at__gt=now - ASK_EVERY).exists()
    today = asked.filter(notice__created_at__gt=now - timedelta(days=1)).count()
    return lately or today >= MOST_A_DAY
