"""The page of subscriptions, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from standfast.apps.delivery.moments import zone_of
from standfast.apps.delivery.queries.subscriptions import (
    defaults_of,
    get_subscription_for,
    issues_chosen,
    last_tries,
    nobody_is_told,
    organisation_subscriptions,
    own_subscriptions,
    quiet_hours_of,
)
from standfast.apps.delivery.services.by_hand import send_test
from standfast.apps.delivery.services.confirming import ask_to_confirm
from standfast.apps.delivery.services.preferring import move_subscription
from standfast.apps.delivery.services.subscriptions import (
    delete_subscription,
    pause_subscription,
    resume_subscription,
    rotate_secret,
)
from standfast.apps.tenancy.errors import Refused
from standfast.web.entry import PageRequest
from standfast.web.once import show_once, shown_once
from standfast.web.portal.frame import portal_page, show
from standfast.web.portal.notifications.editing import (
    channels_for_all,
    channels_for_person,
    notifications_url,
)

if TYPE_CHECKING:
    from standfast.apps.delivery.models import Delivery, Subscription
    from standfast.channels.kind import ChannelKind


@dataclass(frozen=True, slots=True)
class Line:
    """One subscription with its newest deliveries, and its secret right after it was made."""

    subscription: Subscription
    tries: list[Delivery]
    secret: str

    @property
    def fails(self) -> bool:
        """Whether the newest message did not get through, which is shown without asking."""
        return bool(self.tries) and bool(self.tries[0].last_error) and not self.tries[0].sent_at


@never_cache
@portal_page("subscription.own")
def notifications(request: PageRequest) -> HttpResponse:
    """One's own subscriptions, and for administrators those of the organisation."""
    own = [_line(request, each) for each in own_subscriptions(request.access)]
    shared = [_line(request, each) for each in organisation_subscriptions(request.access)]
    working = [
        each for each in own if each.subscription.is_active and not each.subscription.is_unconfirmed
    ]
    stopped = [each for each in (*own, *shared) if each.subscription.stopped_because]
    context = {
        "channels": _offered([each.subscription for each in own]),
        "shared_channels": channels_for_all(),
        "quiet": quiet_hours_of(request.user),
        "defaults": defaults_of(request.access.organisation),
        "zone": zone_of(request.user, request.access.organisation),
        "wishes": issues_chosen(request.access),
        "own": own,
        "many": len(own) > 1,
        "shared": shared,
        "told": bool(working),
        "stopped": stopped,
        "nobody": nobody_is_told(request.access.organisation),
    }
    return show(request, "notifications/page", context)


@require_POST
@portal_page("subscription.own")
def up(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Use this channel before the one above it."""
    return _move(request, subscription_id, up=True)


@require_POST
@portal_page("subscription.own")
def down(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Use this channel after the one below it."""
    return _move(request, subscription_id, up=False)


@require_POST
@portal_page("subscription.own")
def ask(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Send the link that confirms the address once more."""
    return _do(request, subscription_id, _asked)


@require_POST
@portal_page("subscription.own")
def pause(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Tell nothing until it is resumed."""
    return _do(request, subscription_id, _paused)


@require_POST
@portal_page("subscription.own")
def resume(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Tell again."""
    return _do(request, subscription_id, _resumed)


@require_POST
@portal_page("subscription.own")
def delete(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Remove it."""
    return _do(request, subscription_id, _deleted)


@require_POST
@portal_page("subscription.own")
def rotate(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Make a new signing secret; the old one signs for a day more."""
    return _do(request, subscription_id, _rotated)


@require_POST
@portal_page("subscription.own")
def test(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Send a test message."""
    return _do(request, subscription_id, _tested)


def _offered(own: list[Subscription]) -> list[ChannelKind]:
    """What a person may still add: mail only once, for there is one address of the account."""
    has_mail = any(each.channel == "email" for each in own)
    return [each for each in channels_for_person() if each.kind != "email" or not has_mail]


def _move(request: PageRequest, subscription_id: int, *, up: bool) -> HttpResponse:
    subscription = get_subscription_for(request.access, subscription_id)
    move_subscription(subscription=subscription, up=up, by=request.access.actor, now=request.now)
    return redirect(notifications_url(request))


def _asked(request: PageRequest, subscription: Subscription) -> str:
    if not subscription.is_unconfirmed:
        return _("This address is confirmed already.")
    if not ask_to_confirm(subscription=subscription, now=request.now):
        raise Refused("subscription", _("A link was just sent; wait ten minutes."))
    return _("A link is on its way to %(address)s.") % {"address": subscription.owner_address}


def _do(
    request: PageRequest,
    subscription_id: int,
    write: Callable[[PageRequest, Subscription], str],
) -> HttpResponse:
    subscription = get_subscription_for(request.access, subscription_id)
    try:
        messages.success(request, write(request, subscription))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(notifications_url(request))


def _paused(request: PageRequest, subscription: Subscription) -> str:
    pause_subscription(subscription=subscription, by=request.access.actor, now=request.now)
    return _("Paused: nothing is sent to %(address)s.") % {"address": subscription.owner_address}


def _resumed(request: PageRequest, subscription: Subscription) -> str:
    resume_subscription(subscription=subscription, by=request.access.actor, now=request.now)
    return _("Resumed, from the next post on.")


def _deleted(request: PageRequest, subscription: Subscription) -> str:
    delete_subscription(subscription=subscription, by=request.access.actor, now=request.now)
    return _("The subscription of %(address)s is deleted.") % {
        "address": subscription.owner_address
    }


def _rotated(request: PageRequest, subscription: Subscription) -> str:
    secret = rotate_secret(subscription=subscription, by=request.access.actor, now=request.now)
    show_once(request, f"subscription {subscription.pk}", secret)
    return _("There is a new secret. Messages carry both signatures for 24 hours.")


def _tested(request: PageRequest, subscription: Subscription) -> str:
    send_test(subscription=subscription, by=request.access.actor, now=request.now)
    return _("A test message is on its way to %(address)s.") % {
        "address": subscription.owner_address
    }


def _line(request: PageRequest, subscription: Subscription) -> Line:
    return Line(
        subscription=subscription,
        tries=last_tries(subscription),
        secret=shown_once(request, f"subscription {subscription.pk}"),
    )
