"""One maintenance for its provider: what it says, who is told, what was said."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from standfast.apps.delivery.queries.deliveries import totals_of_maintenance
from standfast.apps.delivery.queries.maintenance_plans import preview_schedule
from standfast.apps.messagecenter.queries.provider import (
    get_maintenance,
    provider_view,
    trail_of,
    who_is_reached,
)
from standfast.apps.messagecenter.queries.reach import reached_now
from standfast.engine.targeting import UnknownComponents
from standfast.web.console.frame import console_page, show
from standfast.web.entry import PageRequest


@console_page("message.read")
def maintenance(request: HttpRequest, message: str) -> HttpResponse:
    """Show it, with who is told now and what each button does."""
    page = cast(PageRequest, request)
    found = get_maintenance(page.access, message)
    view = provider_view(found)
    context = {
        "view": view,
        "maintenance": found,
        "trail": trail_of(found),
        "messages_sent": totals_of_maintenance(found.pk),
    }
    if found.state == "draft" or found.is_planned:
        try:
            reached = who_is_reached(
                page.access.organisation,
                services=[each.pk for each in view.services],
                components=[each.pk for each in view.components],
            )
        except UnknownComponents:
            context["problem"] = _("Some of the components no longer exist; choose them again.")
        else:
            context["reached"] = reached
            if found.state == "draft" and reached.tenants:
                tenants = reached_now(found).tenants
                context["plan"] = preview_schedule(found, tenants=tenants, now=page.now)
    return show(request, "maintenance/page", context)
