"""Tenants of the provider: what they use and where their users are."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.catalog.queries.components import component_by_key
from standfast.apps.catalog.queries.services import services_of
from standfast.apps.catalog.queries.tenants import (
    get_subscription_for,
    get_tenant_for,
    placed_users,
    placements_of_tenant,
    subscriptions_of_tenant,
    tenant_to_add,
    tenants_of,
)
from standfast.apps.catalog.services import subscriptions
from standfast.apps.catalog.services.placements import set_placement
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import pick
from standfast.web.console.catalog.forms import PlacementForm, SubscriptionForm
from standfast.web.console.frame import attempt, back_to, console_page, show
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Service
    from standfast.apps.tenancy.models import Organisation


@console_page("catalog.read")
def tenants(request: HttpRequest) -> HttpResponse:
    """The tenants by name, searchable."""
    provider = cast(PageRequest, request).access.organisation
    search = request.GET.get("q", "").strip()
    found = tenants_of(provider, search=search, page=request.GET.get("page", "1"))
    return show(request, "catalog/tenants", {"page": found, "search": search})


@console_page("catalog.write")
def add(request: HttpRequest) -> HttpResponse:
    """Let a tenant use a service."""
    page = cast(PageRequest, request)
    form = SubscriptionForm(
        request.POST or None,
        services=_services(page),
        initial={"tenant": request.GET.get("tenant", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            chosen = tenant_to_add(form.cleaned_data["tenant"])
            if chosen is None:
                raise Refused("tenant", _("There is no tenant with this short name."))
            subscriptions.subscribe(
                tenant=chosen,
                service=form.chosen_service(),
                seats=form.cleaned_data["seats"],
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The tenant now uses the service."))
            return back_to(page, "tenant", chosen.slug)
    return show(request, "catalog/tenant_add", {"form": form})


@console_page("catalog.read")
def tenant(request: HttpRequest, tenant: str) -> HttpResponse:
    """One tenant: its services and its placements."""
    page = cast(PageRequest, request)
    found = get_tenant_for(page.access.organisation, tenant)
    return _tenant_page(page, found, PlacementForm(services=_services(page)))


@require_POST
@console_page("catalog.write")
def place(request: HttpRequest, tenant: str) -> HttpResponse:
    """Say how many users of the tenant are on a component."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    found = get_tenant_for(provider, tenant)
    form = PlacementForm(request.POST, services=_services(page))
    if form.is_valid():
        try:
            component = component_by_key(provider, form.cleaned_data["component"])
            if component is None:
                raise Refused("component", _("There is no component with this key."))
            set_placement(
                tenant=found,
                component=component,
                service=form.chosen_service(),
                users=form.cleaned_data["users"],
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The placement was saved; audiences follow at once."))
            return back_to(page, "tenant", found.slug)
    return _tenant_page(page, found, form, status=422)


@require_POST
@console_page("catalog.write")
def unsubscribe(request: HttpRequest, tenant: str, key: str) -> HttpResponse:
    """End a tenant's use of a service."""
    page = cast(PageRequest, request)
    found = get_subscription_for(page.access.organisation, tenant, key)
    attempt(
        request,
        lambda: subscriptions.unsubscribe(subscription=found, by=page.access.actor, now=page.now),
        done=_("The tenant no longer uses the service."),
    )
    left = subscriptions_of_tenant(page.access.organisation, found.tenant)
    return back_to(page, "tenant", tenant) if left else back_to(page, "tenants")


def _tenant_page(
    page: PageRequest, found: Organisation, form: PlacementForm, *, status: int = 200
) -> HttpResponse:
    provider = page.access.organisation
    context = {
        "tenant": found,
        "subscriptions": subscriptions_of_tenant(provider, found),
        "users": placed_users(provider, found),
        "page": placements_of_tenant(provider, found, page=page.GET.get("page", "1")),
        "form": form,
    }
    return show(page, "catalog/tenant", context, status=status)


def _services(page: PageRequest) -> list[tuple[Service, str]]:
    language = get_language() or "en"
    return [
        (service, pick(service.name, language)) for service in services_of(page.access.organisation)
    ]
