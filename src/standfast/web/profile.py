"""A person's own page: name, language, time zone, and the ways to sign in."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.services.people import update_profile
from standfast.web.forms import StyledForm

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import User

LANGUAGE_CHOICES = [
    ("", gettext_lazy("As my browser")),
    ("en", "English"),
    ("zh-hant", "繁體中文"),
]


class ProfileForm(StyledForm):
    """What a person chooses about themselves; the zone field offers all names while typing."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=LANGUAGE_CHOICES,
        required=False,
        help_text=gettext_lazy("For pages and for e-mails to you."),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("Type a city, such as Taipei; empty for the zone of your device."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the person's own choices."""
    user = cast("User", request.user)
    form = ProfileForm(
        request.POST or None,
        initial={"name": user.name, "language": user.language, "time_zone": user.time_zone},
    )
    if request.method == "POST" and form.is_valid():
        try:
            update_profile(user=user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your profile is saved."))
            return _with_language(redirect("account_profile"), user.language)
    zones = sorted(zoneinfo.available_timezones())
    return render(request, "account/profile.html", {"form": form, "zones": zones})


def _with_language(response: HttpResponse, language: str) -> HttpResponse:
    """Bring the switch's cookie in line: it wins over the profile on this device."""
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
