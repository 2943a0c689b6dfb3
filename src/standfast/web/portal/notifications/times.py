"""When a person, or whoever chose nothing at an organisation, is left alone; and its defaults."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from standfast.apps.catalog.queries.regions import regions_to_choose
from standfast.apps.delivery.queries.subscriptions import (
    defaults_of,
    quiet_hours_of,
    services_to_choose,
)
from standfast.apps.delivery.services.choices import QuietWish, choose_quiet_hours
from standfast.apps.delivery.services.defaults import save_defaults
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.services.people import update_profile
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of
from standfast.web.portal.frame import portal_page, show
from standfast.web.portal.notifications.editing import notifications_url
from standfast.web.portal.notifications.forms import DAYS, ToldForm, initial_of

_CLOCK = {"type": "time"}


class QuietForm(StyledForm):
    """Quiet hours; the fields begin with `quiet_`, so that they fit into other forms."""

    quiet_is_on = forms.BooleanField(label=_("Leave me alone at these hours"), required=False)
    quiet_start = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs=_CLOCK, format="%H:%M")
    )
    quiet_end = forms.TimeField(
        label=_("Until"),
        widget=forms.TimeInput(attrs=_CLOCK, format="%H:%M"),
        help_text=_("Past midnight is fine. What is held comes then, together."),
    )
    quiet_days = forms.MultipleChoiceField(
        label=_("Days on which they begin"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every day."),
    )
    quiet_breaks_at = forms.ChoiceField(
        label=_("Wake me all the same from this severity on"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(day, label_of("weekday", day)) for day in DAYS]
        levels = [(each, label_of("severity", each)) for each in ("high", "critical")]
        self.fields["quiet_days"].choices = days  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["quiet_breaks_at"].choices = levels  # type: ignore[attr-defined]  # likewise

    def quiet(self) -> QuietWish:
        """What was asked for."""
        given = self.cleaned_data
        return QuietWish(
            is_on=given["quiet_is_on"],
            start=given["quiet_start"],
            end=given["quiet_end"],
            days=[int(day) for day in given["quiet_days"]],
            breaks_at=given["quiet_breaks_at"],
        )


class TimesForm(QuietForm):
    """A person's quiet hours and clock."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=50,
        required=False,
        help_text=_("Type a city, such as Taipei; empty for the zone of your organisation."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )


class DefaultsForm(ToldForm, QuietForm):
    """What an organisation's people begin with."""

    for_new_members = forms.BooleanField(
        label=_("Send e-mails to everybody who joins"),
        required=False,
        help_text=_("Each can change or end them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quiet_is_on"].label = gettext("Quiet hours for people who chose none")
        self.order_fields(["for_new_members"])


@portal_page("subscription.own")
def times(request: PageRequest) -> HttpResponse:
    """A person's quiet hours and time zone, for all organisations."""
    form = TimesForm(request.POST or None, initial=_quiet_of(request))
    if request.method == "POST" and form.is_valid():
        user = request.user
        try:
            update_profile(
                user=user,
                name=user.name,
                language=user.language,
                time_zone=form.cleaned_data["time_zone"],
                now=request.now,
            )
            choose_quiet_hours(user=user, wish=form.quiet())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect(notifications_url(request))
    zones = sorted(zoneinfo.available_timezones())
    return show(request, "notifications/times", {"form": form, "zones": zones})


@portal_page("subscription.manage")
def defaults(request: PageRequest) -> HttpResponse:
    """What the organisation's people begin with."""
    organisation = request.access.organisation
    form = DefaultsForm(
        request.POST or None,
        initial=_defaults_of(request),
        services=services_to_choose(organisation),
        regions=regions_to_choose(organisation),
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_defaults(
                organisation=organisation,
                wish=form.told(channel="email", address="nobody@example.org"),
                quiet=form.quiet(),
                for_new_members=form.cleaned_data["for_new_members"],
                by=request.access.actor,
                now=request.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect(notifications_url(request))
    return show(request, "notifications/defaults", {"form": form})


def _quiet_of(request: PageRequest) -> dict[str, Any]:
    own = quiet_hours_of(request.user)
    if own is not None:
        found: dict[str, Any] = {
            f"quiet_{name}": getattr(own, name)
            for name in ("is_on", "start", "end", "days", "breaks_at")
        }
    else:
        found = _defaults_of(request)
    return found | {"time_zone": request.user.time_zone}


def _defaults_of(request: PageRequest) -> dict[str, Any]:
    row = defaults_of(request.access.organisation)
    if row is None:
        return {
            "kinds": ["incident", "advisory", "maintenance"],
            "digest_at": "08:00",
            "quiet_start": "22:00",
            "quiet_end": "07:00",
            "quiet_breaks_at": "high",
        }
    names = [*("for_new_members", "quiet_is_on", "quiet_start", "quiet_end")]
    names += ("quiet_days", "quiet_breaks_at")
    return initial_of(row) | {name: getattr(row, name) for name in names}
