"""The tenant's pages on the backup site: their address, another address, none any more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.publishing.addresses import address_of, tenant_prefix
from standfast.apps.publishing.queries.targets import page_of
from standfast.apps.publishing.services.tenant_pages import give_page, take_page, turn_address
from standfast.web.entry import PageRequest
from standfast.web.portal.frame import portal_page, show

DEEDS = {"give": give_page, "turn": turn_address, "take": take_page}


@portal_page("subscription.own")
def backup(request: PageRequest) -> HttpResponse:
    """Where the tenant's pages are found when the portal is gone."""
    page = page_of(request.access.organisation)
    address = address_of(tenant_prefix(page)) + "index.html" if page else ""
    return show(request, "backup/page", {"page": page, "address": address})


@require_POST
@portal_page("members.manage")
def change(request: PageRequest) -> HttpResponse:
    """Give pages, turn their address, or take them away."""
    tenant = request.access.organisation
    deed = request.POST.get("do", "")
    if deed == "give" or (deed in DEEDS and page_of(tenant)):
        DEEDS[deed](tenant=tenant, by=request.access.actor, now=request.now)
        messages.success(request, _("Done. The backup site follows within some seconds."))
    return redirect("portal:backup", tenant.slug)
