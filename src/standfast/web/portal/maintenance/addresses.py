"""A person's unguessable addresses: made and shown once, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.messagecenter.queries.addresses import get_address_for
from standfast.apps.messagecenter.services.addresses import make_address, revoke_address
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.web.entry import PageRequest
from standfast.web.feeds.answers import absolute
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of
from standfast.web.once import show_once, shown_once
from standfast.web.portal.frame import portal_page

ABOUT = "feed addresses"


@dataclass(frozen=True, slots=True)
class MadeAddresses:
    """All that one secret opens. `webcal` makes a phone ask whether to follow the calendar."""

    calendar: str
    webcal: str
    atom: str
    rss: str


class AddressForm(StyledForm):
    """Where the address will be used, and the language of what is read there."""

    name = forms.CharField(
        label=gettext_lazy("Where you will use it"),
        max_length=100,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("such as: calendar on my phone")}
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[(code, label_of("language", code)) for code in LANGUAGES],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", get_language() or "en")


@require_POST
@portal_page("health.read")
def make(request: PageRequest) -> HttpResponse:
    """Make an address; the next page shows it, once."""
    slug = request.access.organisation.slug
    form = AddressForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say where you will use the address, and choose a language."))
        return redirect("portal:maintenance_list", slug=slug)
    try:
        _address, secret = make_address(
            access=request.access,
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            now=request.now,
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        show_once(request, ABOUT, secret)
    return redirect(reverse("portal:maintenance_list", args=[slug]) + "#follow")


@require_POST
@portal_page("health.read")
def revoke(request: PageRequest, address_id: int) -> HttpResponse:
    """End an address."""
    address = get_address_for(request.access, address_id)
    revoke_address(address=address, access=request.access, now=request.now)
    messages.success(request, _("The address for “%(name)s” is closed.") % {"name": address.name})
    return redirect("portal:maintenance_list", slug=request.access.organisation.slug)


def shown_addresses(request: PageRequest) -> MadeAddresses | None:
    """The addresses that were just made, for this one page."""
    secret = shown_once(request, ABOUT)
    if not secret:
        return None
    calendar, atom, rss = (
        absolute(reverse(f"feeds:{name}", args=[secret])) for name in ("calendar", "atom", "rss")
    )
    return MadeAddresses(calendar, f"webcal://{calendar.split('://', 1)[1]}", atom, rss)
