"""What settings pages share: the guard for all three faces, and the list of sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from standfast.apps.tenancy.queries.access import FACES
from standfast.web.entry import PageRequest, organisation_page

View = Callable[..., HttpResponseBase]


def settings_page(needs: str | Mapping[str, str]) -> Callable[[View], View]:
    """Guard a view whose URL carries `face` and `slug`.

    `needs` is the capability, or one per face: a face that it leaves out has no such page.
    """
    needed = dict.fromkeys(FACES, needs) if isinstance(needs, str) else dict(needs)

    def guard(view: View) -> View:
        doors = {face: organisation_page(face, it)(view) for face, it in needed.items()}

        @wraps(view)
        def guarded(request: HttpRequest, face: str, slug: str, **kwargs: Any) -> HttpResponseBase:
            if face not in doors:
                raise Http404
            return doors[face](request, slug=slug, **kwargs)

        guarded.needs = needed  # type: ignore[attr-defined]  # the isolation test reads it
        return guarded

    return guard


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the settings' navigation."""

    label: str | Promise
    icon: str
    url: str
    current: bool


# label, icon, URL name, capability per face
_SECTIONS: list[tuple[Promise, str, str, dict[str, str]]] = [
    (
        _("Organisation"),
        "building",
        "settings:home",
        {"provider": "console.read", "tenant": "members.manage", "partner": "members.manage"},
    ),
    (_("People"), "users", "settings:people", dict.fromkeys(FACES, "members.manage")),
    (
        _("Partners"),
        "heart-handshake",
        "settings:partners",
        {"tenant": "delegation.manage", "partner": "members.manage"},
    ),
    (_("Social accounts"), "at", "settings:social", {"provider": "org.write"}),
    (_("API tokens"), "key", "settings:tokens", dict.fromkeys(FACES, "tokens.manage")),
    (_("Audit log"), "list-details", "settings:audit", dict.fromkeys(FACES, "audit.read")),
]


def needs_of(name: str) -> dict[str, str]:
    """The capability per face that the section with this URL name asks for."""
    return next(needs for _label, _icon, url_name, needs in _SECTIONS if url_name == name)


def address(request: PageRequest, name: str, *args: object) -> str:
    """The address of a settings page of the same organisation and face."""
    access = request.access
    return reverse(name, args=[access.face, access.organisation.slug, *args])


def back_to(request: PageRequest, name: str) -> HttpResponse:
    """Redirect to a settings page of the same organisation and face."""
    return redirect(address(request, name))


def show(
    request: PageRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a settings page with the sections that the person may open."""
    access = request.access
    sections = [
        Section(label, icon, address(request, name), address(request, name) == request.path)
        for label, icon, name, needs in _SECTIONS
        if access.may(needs.get(access.face, ""))
    ]
    full = {**context, "sections": sections, "face": access.face, "slug": access.organisation.slug}
    return render(request, f"settings/{template}.html", full, status=status)
