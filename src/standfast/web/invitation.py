"""The page behind an invitation's link: join with an account, or make one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.queries.invitations import has_account, open_invitation
from standfast.apps.tenancy.services.invitations import accept_signed_in, accept_with_new_account
from standfast.web.forms import StyledForm

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import Invitation, User


class NewAccountForm(StyledForm):
    """What an invited person without an account fills in; the address is the invitation's."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=gettext_lazy("At least 12 characters; several words are easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an open invitation and accept it. Unknown, used and expired ones look the same."""
    try:
        invitation = open_invitation(token, now=timezone.now())
    except NoAccess:
        return render(request, "account/invitation_closed.html", status=404)
    if request.user.is_authenticated:
        return _join(request, invitation)
    if has_account(invitation):
        return render(request, "account/invitation_sign_in.html", {"invitation": invitation})
    return _make_account(request, invitation)


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = cast("User", request.user)
    fits = user.email.lower() == invitation.email.lower()
    if request.method == "POST":
        try:
            accept_signed_in(invitation=invitation, user=user, now=timezone.now())
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            return _welcome(request, invitation)
    context = {"invitation": invitation, "fits": fits}
    return render(request, "account/invitation_join.html", context)


def _make_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_with_new_account(
                invitation=invitation,
                language=get_language() or "en",
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return _welcome(request, invitation)
    context = {"invitation": invitation, "form": form}
    return render(request, "account/invitation_account.html", context)


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    organisation = invitation.organisation.name
    messages.success(request, _("Welcome to %(organisation)s.") % {"organisation": organisation})
    return redirect("home")
