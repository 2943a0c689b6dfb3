"""What surrounds every page: navigation of the audience, the person's organisations, language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from standfast.apps.tenancy.queries.access import Access, accesses_of


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Home:
    """One place that the person may go to: a face of an organisation."""

    label: str
    face: str
    url: str
    current: bool


# label, icon, URL name, capability; in the order of the navigation. One table per audience.
NAVIGATION: dict[str, list[tuple[Any, str, str, str]]] = {
    "provider": [
        (_("Now"), "activity", "console:home", "console.read"),
        (_("Issues"), "alert-triangle", "console:issues", "issue.read"),
        (_("Maintenance"), "calendar", "console:maintenance_list", "message.read"),
        (_("Reports"), "message-report", "console:reports", "issue.read"),
        (_("Catalog"), "sitemap", "console:catalog", "catalog.read"),
        (_("Monitoring"), "bolt", "console:sources", "catalog.read"),
        (_("Deliveries"), "mail", "console:deliveries", "delivery.read"),
        (_("Backup site"), "server", "console:backup", "delivery.read"),
        (_("Responsibility"), "shield-check", "console:responsibility", "responsibility.read"),
        (_("On time"), "hourglass", "console:promises", "issue.read"),
        (_("Settings"), "settings", "settings:home", "console.read"),
    ],
    "tenant": [
        (_("Service health"), "activity", "portal:dashboard", "health.read"),
        (_("Maintenance"), "calendar", "portal:maintenance_list", "health.read"),
        (_("History"), "history", "portal:history", "health.read"),
        (_("Reported"), "message-report", "portal:reports", "report.write"),
        (_("Responsibility"), "shield-check", "portal:responsibility", "chart.read"),
        (_("Notifications"), "bell", "portal:notifications", "subscription.own"),
        (_("Settings"), "settings", "settings:home", "members.manage"),
    ],
    "partner": [
        (_("Customers"), "building", "partner:customers", "customers.read"),
        (_("Settings"), "settings", "settings:home", "members.manage"),
    ],
}
HOMES = {
    "provider": "console:home",
    "tenant": "portal:dashboard",
    "partner": "partner:customers",
}
FACE_NAMES = {
    "provider": _("Console"),
    "tenant": _("Portal"),
    "partner": _("Partner"),
}


def page_chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of every template; what only the top bar shows is worked out when it is drawn."""
    access: Access | None = getattr(request, "access", None)
    return {
        "access": access,
        "navigation": lambda: _navigation(request, access) if access else [],
        "homes": lambda: homes_of(request, access),
        "language": get_language() or "en",
        "now": getattr(request, "now", None),
    }


def _navigation(request: HttpRequest, access: Access) -> list[Link]:
    here = request.path
    links = []
    for label, icon, name, needs in NAVIGATION[access.face]:
        if not access.may(needs):
            continue
        url = settings_url(access) if name == "settings:home" else _url(name, access)
        links.append(Link(label, url, icon, _is_current(here, url, name)))
    return links


def _is_current(here: str, url: str, name: str) -> bool:
    return here == url if name in HOMES.values() else here.startswith(url)


def settings_url(access: Access) -> str:
    """The settings of the organisation, in the face that the person is in."""
    return _address("settings:home", access.face, access.organisation.slug)


@lru_cache(maxsize=20_000)
def _address(name: str, *args: str) -> str:
    """Working out an address takes longer than all else here, and every page needs ten."""
    return reverse(name, args=args)


def _url(name: str, access: Access) -> str:
    return _address(name, access.organisation.slug)


def homes_of(request: HttpRequest, current: Access | None) -> list[Home]:
    """The faces of organisations that the person may switch to."""
    if not request.user.is_authenticated:
        return []
    return [
        Home(
            label=access.organisation.name,
            face=str(FACE_NAMES[access.face]),
            url=_address(HOMES[access.face], access.organisation.slug),
            current=bool(
                current
                and current.face == access.face
                and current.organisation == access.organisation
            ),
        )
        for access in accesses_of(request.user)
    ]
