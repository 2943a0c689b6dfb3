"""Subscriptions: made, changed, paused and ended by the people whom they are for."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.queries.subscriptions import subscription_by_key
from standfast.apps.delivery.services.auditing import audit
from standfast.apps.delivery.services.confirming import ask_to_confirm
from standfast.apps.delivery.services.taking_back import WAITING
from standfast.apps.delivery.services.wishes import Wish, checked_wish
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import Organisation, User
from standfast.apps.tenancy.sealing import seal
from standfast.channels.registry import get_channel
from standfast.channels.webhook.signing import make_secret

OLD_SECRET_GOOD_FOR = timedelta(hours=24)


def create_subscription(
    *, organisation: Organisation, user: User | None, wish: Wish, by: Actor, now: datetime
) -> tuple[Subscription, str]:
    """Subscribe a person (`user`) or the organisation as a whole (None).

    Returns the signing secret too, which nobody can read again ('' for channels that sign nothing).
    Raises Refused (channel, address, services, kinds, min_severity, language).
    """
    checked = checked_wish(wish, organisation=organisation, user=user)
    channel = get_channel(wish.channel)
    secret = _new_secret() if channel.signed else ""
    if channel.keyed and not wish.keys:
        raise Refused(
            "channel", _("Allow push messages on this device; its browser then adds itself.")
        )
    kept = secret or wish.keys
    with no_second_one(), transaction.atomic():
        subscription = Subscription.objects.create(
            organisation=organisation,
            user=user,
            channel=wish.channel,
            **checked.columns(),
            rank=_last_rank(organisation, user),
            secret=seal(kept) if kept else "",
            unsubscribe_key=secrets.token_urlsafe(32),
            created_at=now,
        )
        subscription.services.set(checked.services)
        subscription.regions.set(checked.regions)
        audit("subscription.created", subscription, by, now)
        if user is not None and get_channel(wish.channel).asks:
            ask_to_confirm(subscription=subscription, now=now)
    return subscription, secret


def update_subscription(
    *, subscription: Subscription, wish: Wish, by: Actor, now: datetime
) -> Subscription:
    """Change what is told and where to. The channel stays. Raises Refused as on creation."""
    if wish.channel != subscription.channel:
        raise Refused("channel", _("The channel cannot change; add another subscription."))
    checked = checked_wish(wish, organisation=subscription.organisation, user=subscription.user)
    with no_second_one(), transaction.atomic():
        row = _locked(subscription)
        moved = row.address != checked.address
        columns = checked.columns()
        for name, value in columns.items():
            setattr(row, name, value)
        row.save(update_fields=list(columns))
        row.services.set(checked.services)
        row.regions.set(checked.regions)
        audit("subscription.changed", row, by, now)
        if moved and row.user_id is not None and get_channel(row.channel).asks:
            row.confirmed_at = None
            row.confirm_until = now
            row.save(update_fields=["confirmed_at", "confirm_until"])
            ask_to_confirm(subscription=row, now=now)
    return row


@transaction.atomic
def pause_subscription(*, subscription: Subscription, by: Actor, now: datetime) -> None:
    """Tell nothing until it is resumed; what waits to be sent is cancelled."""
    Subscription.objects.filter(pk=subscription.pk).update(is_active=False, stopped_because="")
    cancel_waiting(subscription.pk)
    audit("subscription.paused", subscription, by, now)


@transaction.atomic
def resume_subscription(*, subscription: Subscription, by: Actor, now: datetime) -> None:
    """Tell again, from the next post on."""
    Subscription.objects.filter(pk=subscription.pk).update(is_active=True, stopped_because="")
    audit("subscription.resumed", subscription, by, now)


@transaction.atomic
def delete_subscription(*, subscription: Subscription, by: Actor, now: datetime) -> None:
    """Remove it for good; the deliveries that were made stay in the provider's log."""
    cancel_waiting(subscription.pk)
    audit("subscription.deleted", subscription, by, now)
    Subscription.objects.filter(pk=subscription.pk).delete()


@transaction.atomic
def rotate_secret(*, subscription: Subscription, by: Actor, now: datetime) -> str:
    """Make a new signing secret and return it, once. Both sign for 24 hours."""
    row = _locked(subscription)
    if not row.secret or not get_channel(row.channel).signed:
        raise Refused("secret", _("This channel signs nothing, so it has no secret."))
    secret = _new_secret()
    row.secret_before, row.secret_before_until = row.secret, now + OLD_SECRET_GOOD_FOR
    row.secret = seal(secret)
    row.save(update_fields=["secret", "secret_before", "secret_before_until"])
    audit("subscription.secret_rotated", row, by, now)
    return secret


@transaction.atomic
def unsubscribe(*, key: str, now: datetime) -> Subscription:
    """End a subscription by the link in its messages, without sign-in. Safe to do twice.

    Raises NoAccess for an unknown key.
    """
    subscription = subscription_by_key(key)
    if subscription is None:
        raise NoAccess
    if subscription.is_active:
        pause_subscription(subscription=subscription, by=Actor.system("unsubscribe link"), now=now)
        subscription.is_active = False
    return subscription


def cancel_waiting(subscription_id: int) -> None:
    """Whoever does not want to be told any more is not told what still waits either."""
    waiting = Delivery.objects.filter(subscription_id=subscription_id, state__in=WAITING)
    waiting.update(state="cancelled", next_attempt_at=None, held_until=None)


def _last_rank(organisation: Organisation, user: User | None) -> int:
    """The end of a person's preference order; what is shared has none."""
    if user is None:
        return 0
    own = Subscription.objects.filter(organisation=organisation, user=user)
    last = own.aggregate(last=Max("rank"))["last"]
    return 0 if last is None else int(last) + 1


def _locked(subscription: Subscription) -> Subscription:
    rows = Subscription.objects.select_for_update(of=("self",)).select_related(
        "organisation", "user"
    )
    found = rows.filter(pk=subscription.pk).first()
    if found is None:
        raise NoAccess
    return found


def _new_secret() -> str:
    return make_secret(secrets.token_bytes(32))


@contextmanager
def no_second_one() -> Iterator[None]:
    """The database's uniqueness, said so that a person understands it."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(
            "address", _("This address is subscribed already; change that subscription.")
        ) from error
