"""The organisation's own data."""

from __future__ import annotations

import zoneinfo
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.services.organisations import update_organisation
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.settings.frame import back_to, needs_of, settings_page, show


class OrganisationForm(StyledForm):
    """What an administrator may change; the short name stays, because addresses carry it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("Two letters, such as TW."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("en", "English"), ("zh-hant", "繁體中文")],
        help_text=gettext_lazy("For messages to people who chose none."),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=50,
        help_text=gettext_lazy("Type a city, such as Taipei."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )


@settings_page(needs_of("settings:home"))
def home(request: HttpRequest) -> HttpResponse:
    """Show the organisation's data, and change it with org.write."""
    page = cast(PageRequest, request)
    organisation = page.access.organisation
    may_write = page.access.may("org.write")
    if request.method == "POST" and not may_write:
        raise NoAccess
    fields = ("name", "country", "language", "time_zone")
    form = OrganisationForm(
        request.POST or None, initial={field: getattr(organisation, field) for field in fields}
    )
    if request.method == "POST" and form.is_valid():
        try:
            update_organisation(
                organisation=organisation,
                by=page.access.actor,
                now=page.now,
                **form.cleaned_data,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The organisation's data is saved."))
            return back_to(page, "settings:home")
    context = {
        "form": form if may_write else None,
        "organisation": organisation,
        "zones": sorted(zoneinfo.available_timezones()),
    }
    return show(page, "organisation", context)
