"""What the provider's people repair of subscriptions that are not theirs; kept in both logs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.services.confirming import ask_to_confirm
from standfast.apps.delivery.services.subscriptions import (
    delete_subscription,
    no_second_one,
    pause_subscription,
    resume_subscription,
)
from standfast.apps.delivery.services.wishes import normalised_address
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.channels.registry import get_channel


def correct_address(
    *, provider: Organisation, subscription: Subscription, address: str, by: Actor, now: datetime
) -> None:
    """Write an address as it was meant; what waits goes there. Raises Refused (address).

    One that its owner must agree to is asked anew, and sent nothing else before; a person's own
    mail follows the account.
    """
    if subscription.user_id is not None and subscription.channel == "email":
        raise Refused("address", _("A person's mails go to the address of the account."))
    if get_channel(subscription.channel).keyed:
        raise Refused("address", _("The browser gives this address; it cannot be written."))
    corrected = normalised_address(subscription.channel, address)
    if corrected == subscription.address:
        return
    with no_second_one(), transaction.atomic():
        subscription.address = corrected
        subscription.is_active, subscription.stopped_because = True, ""
        subscription.save(update_fields=["address", "is_active", "stopped_because"])
        if subscription.is_public or subscription.confirm_until is not None:
            subscription.confirmed_at = None
            subscription.save(update_fields=["confirmed_at"])
            ask_to_confirm(subscription=subscription, now=now)
        _log("subscription.address_corrected", provider, subscription, by, now)


@transaction.atomic
def pause_for(
    *, provider: Organisation, subscription: Subscription, by: Actor, now: datetime
) -> None:
    """Tell nothing until it is resumed."""
    pause_subscription(subscription=subscription, by=by, now=now)
    _log("subscription.paused", provider, subscription, by, now)


@transaction.atomic
def resume_for(
    *, provider: Organisation, subscription: Subscription, by: Actor, now: datetime
) -> None:
    """Tell again. Raises Refused for a visitor who ended it: only the visitor may begin again."""
    if subscription.is_public and not subscription.stopped_because:
        raise Refused("subscription", _("The visitor ended it, and has to subscribe again."))
    resume_subscription(subscription=subscription, by=by, now=now)
    _log("subscription.resumed", provider, subscription, by, now)


@transaction.atomic
def delete_for(
    *, provider: Organisation, subscription: Subscription, by: Actor, now: datetime
) -> None:
    """Remove it for good."""
    _log("subscription.deleted", provider, subscription, by, now)
    delete_subscription(subscription=subscription, by=by, now=now)


@transaction.atomic
def ask_again_for(
    *, provider: Organisation, subscription: Subscription, by: Actor, now: datetime
) -> None:
    """Send the link that confirms it once more. Raises Refused when there is nothing to ask."""
    if not subscription.is_unconfirmed or not subscription.is_active:
        raise Refused("subscription", _("This address is confirmed already."))
    if not ask_to_confirm(subscription=subscription, now=now):
        raise Refused("subscription", _("A link was just sent; wait ten minutes."))
    _log("subscription.asked_again", provider, subscription, by, now)


def _log(
    action: str, provider: Organisation, subscription: Subscription, by: Actor, now: datetime
) -> None:
    """In the tenant's log as well when another organisation's is touched."""
    organisations = {provider.pk: provider, subscription.organisation.pk: subscription.organisation}
    for organisation in organisations.values():
        record(
            by=by,
            organisation=organisation,
            action=action,
            kind="subscription",
            key=subscription.pk,
            now=now,
            channel=subscription.channel,
            address=subscription.shown_address,
            of=subscription.organisation.slug,
        )
