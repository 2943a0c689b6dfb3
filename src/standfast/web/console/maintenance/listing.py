"""The list of maintenance, by how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from standfast.apps.messagecenter.queries.provider import late_ones, maintenance_of
from standfast.web.console.frame import console_page, show
from standfast.web.entry import PageRequest

PAGE_SIZE = 25
# The first is shown when none is asked for.
TABS: dict[str, tuple[str | Promise, list[str]]] = {
    "planned": (pgettext_lazy("maintenance", "Planned"), ["scheduled", "in_progress"]),
    "drafts": (_("Drafts"), ["draft"]),
    "past": (pgettext_lazy("maintenance", "Past"), ["completed", "cancelled"]),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the list, with how many match there."""

    key: str
    label: str | Promise
    count: int
    current: bool


@console_page("message.read")
def maintenance_list(request: HttpRequest) -> HttpResponse:
    """Show what is planned, drafted or past, filtered by words."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    search = request.GET.get("q", "").replace("\x00", "")
    chosen = request.GET.get("show", "planned")
    chosen = chosen if chosen in TABS else "planned"
    lists = {
        key: Paginator(maintenance_of(provider, states=states, search=search), PAGE_SIZE)
        for key, (_label, states) in TABS.items()
    }
    context = {
        "tabs": [
            Tab(key, label, lists[key].count, key == chosen) for key, (label, _s) in TABS.items()
        ],
        "chosen": chosen,
        "page": lists[chosen].get_page(request.GET.get("page", 1)),
        "search": search,
        "late": late_ones(provider, now=page.now),
    }
    return show(request, "maintenance/list", context)
