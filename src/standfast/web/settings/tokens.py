"""API tokens of one face of the organisation; a new one is shown once."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.queries.tokens import get_token_for, scopes_of_face, tokens_of
from standfast.apps.tenancy.roles import SCOPE_NAMES
from standfast.apps.tenancy.sealing import CannotUnseal, seal, unseal
from standfast.apps.tenancy.services.tokens import create_token, revoke_token
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.settings.frame import back_to, needs_of, settings_page, show

NEEDS = needs_of("settings:tokens")
_ONCE = "settings_new_token"


class TokenForm(StyledForm):
    """What a program may do, for how long, and whom it acts for."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    expires_in = forms.TypedChoiceField(
        label=gettext_lazy("Good for"),
        coerce=int,
        initial=365,
        choices=[
            (30, gettext_lazy("30 days")),
            (90, gettext_lazy("90 days")),
            (365, gettext_lazy("1 year")),
        ],
    )
    acts_for = forms.ChoiceField(
        label=gettext_lazy("Acts as"),
        choices=[
            ("program", gettext_lazy("a program of its own")),
            ("me", gettext_lazy("me: it stops when I leave, and may never do more than I may")),
        ],
    )

    def __init__(self, *args: object, face: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        scopes = cast(forms.MultipleChoiceField, self.fields["scopes"])
        scopes.choices = [
            (scope, f"{SCOPE_NAMES[scope]} ({scope})") for scope in scopes_of_face(face)
        ]


@never_cache
@settings_page(NEEDS)
def tokens(request: HttpRequest) -> HttpResponse:
    """List tokens and make one."""
    page = cast(PageRequest, request)
    form = TokenForm(request.POST or None, face=page.access.face)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _token, plain = create_token(
                organisation=page.access.organisation,
                user=page.access.user if given["acts_for"] == "me" else None,
                name=given["name"],
                scopes=given["scopes"],
                expires_in=timedelta(days=given["expires_in"]),
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            # Sealed: sessions are rows of the database.
            request.session[_ONCE] = {page.access.organisation.slug: seal(plain)}
            return back_to(page, "settings:tokens")
    context = {"form": form, "tokens": tokens_of(page.access), "plain": _shown_once(page)}
    return show(page, "tokens", context)


def _shown_once(page: PageRequest) -> str:
    """The token made a moment ago; the next look finds nothing."""
    kept = page.session.pop(_ONCE, {})
    try:
        return unseal(kept.get(page.access.organisation.slug, ""))
    except CannotUnseal:
        return ""


@require_POST
@settings_page(NEEDS)
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token."""
    page = cast(PageRequest, request)
    token = get_token_for(page.access, token_id)
    try:
        revoke_token(token=token, by=page.access.actor, now=page.now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The token “%(name)s” has ended.") % {"name": token.name})
    return back_to(page, "settings:tokens")
