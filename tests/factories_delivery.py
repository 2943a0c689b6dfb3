"""Subscriptions for tests, and what the worker does, one step at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings as django_settings
from pytest_django import Settings

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.services.planning import plan_waiting
from standfast.apps.delivery.services.sending import Sender
from standfast.apps.delivery.services.subscriptions import create_subscription
from standfast.apps.delivery.services.wishes import Wish
from standfast.apps.tenancy.models import Organisation, User
from tests.factories import NOW, SYSTEM, make_member


def subscribe_person(
    tenant: Organisation, *, user: User | None = None, **wish: object
) -> Subscription:
    """Subscribe a (new) administrator of the tenant by e-mail."""
    user = user or make_member(tenant, "admin")
    return _subscribe(tenant, user, channel="email", address=user.email, **wish)


def subscribe_mailbox(tenant: Organisation, address: str, **wish: object) -> Subscription:
    """Subscribe a shared mailbox of the tenant."""
    return _subscribe(tenant, None, channel="email", address=address, **wish)


def subscribe_webhook(tenant: Organisation, address: str, **wish: object) -> Subscription:
    """Subscribe a webhook of the tenant."""
    return _subscribe(tenant, None, channel="webhook", address=address, **wish)


def subscribe_chat(tenant: Organisation, settings: Settings) -> Subscription:
    """Subscribe a (new) administrator's chat, which is asked first, where Telegram is offered."""
    settings.STANDFAST_CHANNELS = django_settings.STANDFAST_CHANNELS | {
        "telegram": {"token": "123456:secret"}
    }
    user = make_member(tenant, "admin")
    return _subscribe(tenant, user, channel="telegram", address="-1001234567890")


def _subscribe(tenant: Organisation, user: User | None, **wish: object) -> Subscription:
    made, _secret = create_subscription(
        organisation=tenant,
        user=user,
        wish=Wish(**wish),  # type: ignore[arg-type]
        by=SYSTEM,
        now=NOW,
    )
    return made


def plan_all(*, now: datetime = NOW) -> int:
    """Handle every open event."""
    return plan_waiting(now=now, limit=1_000)


@contextmanager
def sender_at(kind: str, now: datetime, *, worker: str = "test") -> Iterator[Sender]:
    """A sender whose clock stands still."""
    sender = Sender(kind, worker=worker, clock=lambda: now)
    try:
        yield sender
    finally:
        sender.close()


def send_all(kind: str, *, now: datetime = NOW) -> int:
    """Send what is due over one channel."""
    with sender_at(kind, now) as sender:
        count = 0
        while done := sender.send_due():
            count += done
        return count


def add_channel(first: Subscription, channel: str, address: str, **columns: object) -> Subscription:
    """Give the person of `first` another channel, as a row: the next in its order."""
    return Subscription.objects.create(
        organisation=first.organisation,
        user=first.user,
        channel=channel,
        address=address,
        unsubscribe_key=f"key-of-{address}"[:64],
        created_at=NOW,
        **{"kinds": ["incident", "advisory"], "rank": first.rank + 1} | columns,
    )
