"""Adding and changing subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.regions import regions_to_choose
from standfast.apps.delivery.outgoing import usable_channels, written_channels
from standfast.apps.delivery.queries.subscriptions import (
    defaults_of,
    get_subscription_for,
    services_to_choose,
)
from standfast.apps.delivery.services.subscriptions import (
    create_subscription,
    update_subscription,
)
from standfast.apps.delivery.services.wishes import Wish
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.channels.registry import get_channel
from standfast.web.entry import PageRequest
from standfast.web.labels import label_of
from standfast.web.once import show_once
from standfast.web.portal.frame import portal_page, show
from standfast.web.portal.notifications.forms import WishForm, initial_of

if TYPE_CHECKING:
    from standfast.apps.delivery.models import Subscription
    from standfast.channels.kind import ChannelKind


def channels_for_person() -> list[ChannelKind]:
    """What one person may choose on this page; keys come from the browser itself."""
    return [each for each in usable_channels() if each.personal and not each.keyed]


def channels_for_all() -> list[ChannelKind]:
    """What an organisation may choose for all its people."""
    return written_channels()


@portal_page("subscription.own")
def new_own(request: PageRequest) -> HttpResponse:
    """Another channel to oneself; mail without choosing."""
    channel = _chosen(request, "email", channels_for_person())
    return _form_page(
        request,
        channel=channel,
        initial=_first_choice(request),
        fixed=request.user.email if channel == "email" else "",
        save=lambda wish: _create(request, wish, own=True),
        title=_("E-mail to me")
        if channel == "email"
        else _("%(channel)s to me") % {"channel": label_of("channel", channel)},
        own=True,
    )


@portal_page("subscription.manage")
def new_shared(request: PageRequest) -> HttpResponse:
    """A channel of the organisation: a shared mailbox, a chat, a program."""
    channel = _chosen(request, "webhook", channels_for_all())
    return _form_page(
        request,
        channel=channel,
        initial=_first_choice(request),
        fixed="",
        save=lambda wish: _create(request, wish, own=False),
        title=_("%(channel)s of the organisation") % {"channel": label_of("channel", channel)},
        own=False,
    )


@portal_page("subscription.own")
def edit(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Change one; the channel stays, and so does an address that is the person's own."""
    found = get_subscription_for(request.access, subscription_id)
    own = found.user_id is not None
    stays = own and (found.channel == "email" or get_channel(found.channel).keyed)

    def save(wish: Wish) -> None:
        update_subscription(subscription=found, wish=wish, by=request.access.actor, now=request.now)

    return _form_page(
        request,
        channel=found.channel,
        initial=initial_of(found),
        fixed=found.address if stays else "",
        save=save,
        title=_("What is told to %(address)s") % {"address": found.owner_address}
        if not get_channel(found.channel).keyed
        else _("What is told by %(channel)s") % {"channel": label_of("channel", found.channel)},
        own=own,
        subscription=found,
    )


def _form_page(
    request: PageRequest,
    *,
    channel: str,
    initial: dict[str, Any],
    fixed: str,
    save: Callable[[Wish], None],
    title: str,
    own: bool,
    subscription: Subscription | None = None,
) -> HttpResponse:
    organisation = request.access.organisation
    form = WishForm(
        request.POST or None,
        initial=initial,
        channel=channel,
        fixed=fixed,
        own=own,
        services=services_to_choose(organisation),
        regions=regions_to_choose(organisation),
    )
    if request.method == "POST" and form.is_valid():
        try:
            save(form.wish())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(notifications_url(request))
    kind = get_channel(channel)
    context = {
        "form": form,
        "title": title,
        "fixed": "" if kind.keyed else fixed,
        "channel": kind,
        "asks": own and kind.asks,
        "subscription": subscription,
    }
    return show(request, "notifications/edit", context)


def _chosen(request: PageRequest, usual: str, offered: list[ChannelKind]) -> str:
    """The channel that the address names, if it is offered here."""
    wanted = request.POST.get("channel") or request.GET.get("channel") or usual
    if wanted not in {each.kind for each in offered}:
        raise Http404
    return wanted


def _create(request: PageRequest, wish: Wish, *, own: bool) -> None:
    made, secret = create_subscription(
        organisation=request.access.organisation,
        user=request.user if own else None,
        wish=wish,
        by=request.access.actor,
        now=request.now,
    )
    if secret:
        show_once(request, f"subscription {made.pk}", secret)


def _first_choice(request: PageRequest) -> dict[str, Any]:
    """What the organisation set for its people, else what most want."""
    language = get_language() or "en"
    usual: dict[str, Any] = {
        "kinds": ["incident", "advisory", "maintenance"],
        "min_severity": "normal",
        "digest": "at_once",
        "digest_at": "08:00",
    }
    if defaults := defaults_of(request.access.organisation):
        usual |= initial_of(defaults)
    return usual | {"language": language if language in LANGUAGES else "en"}


def notifications_url(request: PageRequest) -> str:
    """The page of all subscriptions."""
    return reverse("portal:notifications", args=[request.access.organisation.slug])
