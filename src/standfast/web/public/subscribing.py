"""Visitors subscribe, confirm, change and leave, without an account.

What is answered never tells whether an address is subscribed: that goes to the address itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from standfast.apps.catalog.queries.public import (
    public_provider,
    public_providers,
    public_services,
)
from standfast.apps.delivery.queries.subscriptions import subscription_by_token, visitor_by_key
from standfast.apps.delivery.services.confirming import confirm_subscription
from standfast.apps.delivery.services.visitors import (
    VisitorWish,
    change_visitor,
    subscribe_visitor,
)
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of
from standfast.web.public.frame import show, visitor_form
from standfast.web.templatetags.standfast import localised

if TYPE_CHECKING:
    from standfast.apps.delivery.models import Subscription
    from standfast.apps.tenancy.models import Organisation

KINDS = ("incident", "advisory", "maintenance")
# Offered to whoever comes with a link that is no longer good; it does not say whose it was.
MOST_PROVIDERS = 10


class VisitorForm(StyledForm):
    """What a visitor wants to be told; without `address` for one who has confirmed it."""

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    services = forms.MultipleChoiceField(
        label=_("Services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
    kinds = forms.MultipleChoiceField(label=_("Kinds"), widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language"))

    def __init__(
        self, *args: Any, provider: Organisation, with_address: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in {
            "services": [(str(one.pk), localised(one.name)) for one in public_services(provider)],
            "kinds": [(kind, label_of("notice_kind", kind)) for kind in KINDS],
            "language": [(code, label_of("language", code)) for code in LANGUAGES],
        }.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # ChoiceFields
        if not with_address:
            del self.fields["address"]

    def wish(self) -> VisitorWish:
        """What was asked for."""
        given = self.cleaned_data
        return VisitorWish(
            address=given.get("address", ""),
            services=[int(pk) for pk in given["services"]],
            kinds=given["kinds"],
            language=given["language"],
        )


@visitor_form
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for messages; the answer is the same for every address."""
    provider = public_provider(slug)
    initial = {"kinds": list(KINDS), "language": _language()}
    form = VisitorForm(request.POST or None, initial=initial, provider=provider)
    if request.method == "POST" and form.is_valid():
        try:
            subscribe_visitor(provider=provider, wish=form.wish(), now=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(f"{request.path}?asked")
    context = {"form": form, "asked": "asked" in request.GET}
    return show(request, "subscribe", provider, context)


@visitor_form
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more (link scanners follow every link), then confirm."""
    now = timezone.now()
    found: Subscription | None
    try:
        if request.method == "POST":
            found = confirm_subscription(token=token, now=now)
        else:
            found = subscription_by_token(token, now=now)
    except NoAccess:
        found = None
    if found is None:
        return _closed(request, public_providers()[:MOST_PROVIDERS])
    context = {"subscription": found, "done": found.confirmed_at is not None}
    return show(request, "confirm", found.organisation, context)


@visitor_form
def manage(request: HttpRequest, unsubscribe_key: str) -> HttpResponse:
    """A visitor's choices, by the key in its mails."""
    found = visitor_by_key(unsubscribe_key)
    if found is None:
        raise NoAccess
    if not found.is_active or found.is_unconfirmed:
        return _closed(request, [found.organisation], ended=not found.is_active)
    initial = {
        "services": [str(each.pk) for each in found.services.all()],
        "kinds": found.kinds,
        "language": found.language,
    }
    form = VisitorForm(
        request.POST or None, initial=initial, provider=found.organisation, with_address=False
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_visitor(subscription=found, wish=form.wish(), now=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(f"{request.path}?saved")
    context = {"form": form, "subscription": found, "saved": "saved" in request.GET}
    return show(request, "manage", found.organisation, context)


def _closed(
    request: HttpRequest, providers: list[Organisation], *, ended: bool = False
) -> HttpResponse:
    """Say why the link does nothing, and where there is a new one."""
    context = {"providers": providers, "ended": ended}
    return render(request, "public/closed.html", context, status=404)


def _language() -> str:
    language = get_language() or "en"
    return language if language in LANGUAGES else "en"
