"""The list of issues in every stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.incidents.queries.issues import provider_issues
from standfast.web.console.frame import chosen_id, console_page, show
from standfast.web.entry import PageRequest

PAGE_SIZE = 25
# The first is shown when none is asked for.
TABS: dict[str, tuple[str | Promise, list[str]]] = {
    "open": (pgettext_lazy("issues", "Open"), ["published"]),
    "detected": (_("Detected"), ["detected"]),
    "drafts": (_("Drafts"), ["draft"]),
    "resolved": (_("Resolved"), ["resolved"]),
    "dismissed": (_("Dismissed"), ["dismissed"]),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One stage of the list, with how many issues match there."""

    key: str
    label: str | Promise
    count: int
    current: bool


@console_page("issue.read")
def issues(request: HttpRequest) -> HttpResponse:
    """Show one stage's issues, filtered by service, classification and words."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    services = services_of(provider, retired=True)
    service_id = chosen_id(request.GET.get("service", ""), {each.pk for each in services})
    classification = request.GET.get("classification", "")
    search = request.GET.get("q", "")
    stage = request.GET.get("stage", "open")
    stage = stage if stage in TABS else "open"

    def found(key: str) -> Paginator:  # type: ignore[type-arg]  # of issues, whose model stays below
        rows = provider_issues(
            provider,
            stages=TABS[key][1],
            service_id=service_id,
            classification=classification,
            search=search,
        )
        return Paginator(rows, PAGE_SIZE)

    stages = {key: found(key) for key in TABS}
    context = {
        "tabs": [
            Tab(key, label, stages[key].count, key == stage) for key, (label, _s) in TABS.items()
        ],
        "stage": stage,
        "page": stages[stage].get_page(request.GET.get("page", 1)),
        "services": services,
        "service_id": service_id,
        "classification": classification,
        "search": search,
        "filtered": bool(service_id or classification or search),
    }
    return show(request, "issues/list", context)
