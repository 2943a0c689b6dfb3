"""Delegations: a tenant grants and revokes them, a partner sees those that it holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.queries.delegations import (
    delegations_given,
    delegations_held,
    get_given_delegation_for,
)
from standfast.apps.tenancy.roles import DELEGATED_ROLES
from standfast.apps.tenancy.services.delegations import grant_delegation, revoke_delegation
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of
from standfast.web.settings.frame import back_to, needs_of, settings_page, show


class GrantForm(StyledForm):
    """Which partner may do what, until when."""

    partner = forms.SlugField(
        label=gettext_lazy("Partner's short name"),
        max_length=60,
        help_text=gettext_lazy("Ask your partner: it stands in the address of its pages."),
    )
    role = forms.ChoiceField(label=gettext_lazy("May act as"))
    expires_at = forms.DateField(
        label=gettext_lazy("Until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = [(name, label_of("role", name)) for name in DELEGATED_ROLES]


@settings_page(needs_of("settings:partners"))
def partners(request: HttpRequest) -> HttpResponse:
    """A tenant's partners with a form to add one; a partner's customers."""
    page = cast(PageRequest, request)
    if page.access.face == "partner":
        return show(page, "customers", {"delegations": delegations_held(page.access)})
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            granted = grant_delegation(
                tenant=page.access.organisation,
                partner_slug=given["partner"],
                role=given["role"],
                expires_at=_end_of(given["expires_at"]),
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            text = _("%(partner)s may now act for you. You can end this at any time.")
            messages.success(request, text % {"partner": granted.partner.name})
            return back_to(page, "settings:partners")
    context = {"form": form, "delegations": delegations_given(page.access)}
    return show(page, "partners", context)


def _end_of(day: date | None) -> datetime | None:
    """Midnight after the day, in the person's time zone."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(days=1))


@require_POST
@settings_page({"tenant": "delegation.manage"})
def partner_revoke(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a partner's permission."""
    page = cast(PageRequest, request)
    delegation = get_given_delegation_for(page.access, delegation_id)
    revoke_delegation(delegation=delegation, by=page.access.actor, now=page.now)
    messages.success(
        request,
        _("%(partner)s can no longer act for you.") % {"partner": delegation.partner.name},
    )
    return back_to(page, "settings:partners")
