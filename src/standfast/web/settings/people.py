"""Members and invitations of one face of the organisation."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.queries.access import FACES
from standfast.apps.tenancy.queries.invitations import get_invitation_for, invitations_of
from standfast.apps.tenancy.queries.members import get_member_for, members_of
from standfast.apps.tenancy.services.invitations import invite, revoke_invitation
from standfast.apps.tenancy.services.members import change_role, remove_member
from standfast.web.accounts import lasting_address
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of
from standfast.web.settings.frame import back_to, needs_of, settings_page, show

NEEDS = needs_of("settings:people")


def role_choices(face: str) -> list[tuple[str, str]]:
    """The roles of a face, with the words that people read."""
    return [(role, label_of("role", role)) for role in FACES[face]]


class InviteForm(StyledForm):
    """Whom to invite, to which role of this face."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *args: object, face: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        role = cast(forms.ChoiceField, self.fields["role"])
        role.choices = role_choices(face)


@settings_page(NEEDS)
def people(request: HttpRequest) -> HttpResponse:
    """List people and open invitations; invite by e-mail."""
    page = cast(PageRequest, request)
    access = page.access
    form = InviteForm(request.POST or None, face=access.face)
    if request.method == "POST" and form.is_valid():
        try:
            return _invite(page, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
    search = request.GET.get("q", "")
    context = {
        "form": form,
        "search": search,
        "page": members_of(access, search=search, page=request.GET.get("page", 1)),
        "invitations": invitations_of(access),
        "roles": role_choices(access.face),
    }
    return show(page, "people", context)


def _invite(page: PageRequest, *, email: str, role: str) -> HttpResponse:
    invited = invite(
        organisation=page.access.organisation,
        email=email,
        role=role,
        link_to=lambda token: lasting_address("invitation", token),
        by=page.access.actor,
        now=page.now,
    )
    if invited.mailed:
        text = _("The invitation to %(email)s is on its way; it is good for seven days.")
        messages.success(page, text % {"email": invited.invitation.email})
    else:
        text = _("The mail to %(email)s could not be sent. Give them this link yourself: %(link)s")
        values = {"email": invited.invitation.email, "link": invited.link}
        messages.warning(page, text % values)
    return back_to(page, "settings:people")


@require_POST
@settings_page(NEEDS)
def member_role(request: HttpRequest, member_id: int) -> HttpResponse:
    """Give a member another role of this face."""
    page = cast(PageRequest, request)
    member = get_member_for(page.access, member_id)
    role = request.POST.get("role", "")
    try:
        if role not in FACES[page.access.face]:
            raise Refused("role", _("Choose a role from the list."))
        change_role(member=member, role=role, by=page.access.actor, now=page.now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request,
            _("%(person)s is now: %(role)s.")
            % {"person": member.user, "role": label_of("role", role)},
        )
    return back_to(page, "settings:people")


@require_POST
@settings_page(NEEDS)
def member_remove(request: HttpRequest, member_id: int) -> HttpResponse:
    """Take a role away."""
    page = cast(PageRequest, request)
    member = get_member_for(page.access, member_id)
    try:
        remove_member(member=member, by=page.access.actor, now=page.now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("%(person)s was removed.") % {"person": member.user})
    return back_to(page, "settings:people")


@require_POST
@settings_page(NEEDS)
def invitation_revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    page = cast(PageRequest, request)
    invitation = get_invitation_for(page.access, invitation_id)
    revoke_invitation(invitation=invitation, by=page.access.actor, now=page.now)
    messages.success(
        request,
        _("The invitation to %(email)s no longer works.") % {"email": invitation.email},
    )
    return back_to(page, "settings:people")
