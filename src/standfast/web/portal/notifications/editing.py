"""Adding and changing subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standfast.apps.delivery.queries.subscriptions import (
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
from standfast.web.entry import PageRequest
from standfast.web.once import show_once
from standfast.web.portal.frame import portal_page, show
from standfast.web.portal.notifications.forms import WishForm, initial_of

if TYPE_CHECKING:
    from standfast.apps.delivery.models import Subscription


@portal_page("subscription.own")
def new_own(request: PageRequest) -> HttpResponse:
    """E-mails to oneself."""
    return _form_page(
        request,
        initial=_first_choice(),
        fixed=("email", request.user.email),
        save=lambda wish: _create(request, wish, own=True),
        title=_("E-mail to me"),
    )


@portal_page("subscription.manage")
def new_shared(request: PageRequest) -> HttpResponse:
    """A webhook or a mailbox of the organisation."""
    channel = request.GET.get("channel", "webhook")
    return _form_page(
        request,
        initial=_first_choice() | {"channel": channel},
        fixed=None,
        save=lambda wish: _create(request, wish, own=False),
        title=_("A channel of the organisation"),
    )


@portal_page("subscription.own")
def edit(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Change one; the channel stays, and so does the address of one's own mail."""
    found = get_subscription_for(request.access, subscription_id)
    is_own_mail = found.user_id is not None and found.channel == "email"

    def save(wish: Wish) -> None:
        update_subscription(subscription=found, wish=wish, by=request.access.actor, now=request.now)

    return _form_page(
        request,
        initial=initial_of(found),
        fixed=(found.channel, found.address) if is_own_mail else None,
        save=save,
        title=_("What is told to %(address)s") % {"address": found.address},
        subscription=found,
    )


def _form_page(
    request: PageRequest,
    *,
    initial: dict[str, Any],
    fixed: tuple[str, str] | None,
    save: Callable[[Wish], None],
    title: str,
    subscription: Subscription | None = None,
) -> HttpResponse:
    form = WishForm(
        request.POST or None,
        initial=initial,
        fixed=fixed,
        services=services_to_choose(request.access.organisation),
    )
    if request.method == "POST" and form.is_valid():
        try:
            save(form.wish())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(notifications_url(request))
    context = {"form": form, "title": title, "fixed": fixed, "subscription": subscription}
    return show(request, "notifications/edit", context)


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


def _first_choice() -> dict[str, Any]:
    language = get_language() or "en"
    return {
        "kinds": ["incident", "advisory"],
        "min_severity": "normal",
        "language": language if language in LANGUAGES else "en",
    }


def notifications_url(request: PageRequest) -> str:
    """The page of all subscriptions."""
    return reverse("portal:notifications", args=[request.access.organisation.slug])
