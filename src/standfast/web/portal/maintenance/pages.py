"""What is planned for us, what was, and one maintenance."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from standfast.apps.messagecenter.queries.addresses import addresses_of
from standfast.apps.messagecenter.queries.tenants import (
    maintenance_for,
    past_for,
    planned_for,
)
from standfast.apps.messagecenter.queries.views import MaintenanceView
from standfast.web.entry import PageRequest
from standfast.web.feeds.answers import absolute, calendar_answer
from standfast.web.feeds.calendars import calendar_of
from standfast.web.portal.frame import portal_page, show
from standfast.web.portal.maintenance.addresses import AddressForm, shown_addresses


@portal_page("health.read")
def maintenance_list(request: PageRequest) -> HttpResponse:
    """What is planned, what was lately, and how a calendar follows it."""
    tenant = request.access.organisation
    planned = planned_for(tenant, now=request.now)
    made = shown_addresses(request)
    context = {
        "planned": planned,
        "past": past_for(tenant, now=request.now),
        "next": next((each for each in planned if each.maintenance.state == "scheduled"), None),
        "going_on": [each for each in planned if each.maintenance.state == "in_progress"],
        "form": AddressForm(),
        "addresses": addresses_of(request.access),
        "made": made,
    }
    response = show(request, "maintenance/list", context)
    if made:  # a secret is kept nowhere, not even on the reader's own device
        add_never_cache_headers(response)
    return response


@portal_page("health.read")
def maintenance(request: PageRequest, message: str) -> HttpResponse:
    """The maintenance; not found for a tenant that was never told."""
    view = maintenance_for(request.access.organisation, message)
    slug = request.access.organisation.slug
    context = {
        "view": view,
        "calendar_url": reverse("portal:maintenance_event", args=[slug, message]),
    }
    return show(request, "maintenance/page", context)


@portal_page("health.read")
def event(request: PageRequest, message: str) -> HttpResponse:
    """This one maintenance as a file for a calendar."""
    tenant = request.access.organisation
    view: MaintenanceView = maintenance_for(tenant, message)
    page = absolute(reverse("portal:maintenance", args=[tenant.slug, message]))
    calendar = calendar_of(
        [view],
        owner=tenant.name,
        page_url=page,
        url_of=lambda _reference: page,
        language=get_language() or "en",
    )
    return calendar_answer(calendar, private=True)
