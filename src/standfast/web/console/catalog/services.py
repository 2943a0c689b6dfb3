"""The catalog's front page, and services: looking, adding, changing, retiring."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.catalog.queries.services import (
    feature_counts,
    features_of,
    get_service_for,
    owner_choices,
    service_counts,
    services_of,
    subscriptions_of,
)
from standfast.apps.catalog.queries.summary import catalog_summary
from standfast.apps.catalog.services.offerings import (
    create_service,
    restore_service,
    retire_service,
    update_service,
)
from standfast.apps.tenancy.errors import Refused
from standfast.web.console.catalog.forms import ServiceForm
from standfast.web.console.frame import attempt, back_to, console_page, show
from standfast.web.console.texts import spread
from standfast.web.entry import PageRequest

SHOWN_SUBSCRIBERS = 10


@console_page("catalog.read")
def catalog(request: HttpRequest) -> HttpResponse:
    """Everything at a glance, with the services."""
    provider = cast(PageRequest, request).access.organisation
    services = services_of(provider, retired=True)
    tenants, features = service_counts(services), feature_counts(provider)
    rows = [(each, tenants[each.pk], features.get(each.pk, 0)) for each in services]
    return show(
        request, "catalog/catalog", {"summary": catalog_summary(provider), "services": rows}
    )


@console_page("catalog.read")
def service(request: HttpRequest, key: str) -> HttpResponse:
    """One service: what it is, its features, who uses it."""
    found = get_service_for(cast(PageRequest, request).access.organisation, key)
    subscribed = subscriptions_of(found)
    context = {
        "service": found,
        "features": features_of(found),
        "subscriptions": subscribed[:SHOWN_SUBSCRIBERS],
        "tenants": subscribed.count(),
    }
    return show(request, "catalog/service", context)


@console_page("catalog.write")
def new(request: HttpRequest) -> HttpResponse:
    """Add a service."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    form = ServiceForm(request.POST or None, people=owner_choices(provider), is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_service(
                provider=provider,
                key=form.cleaned_data["key"],
                fields=form.service_fields(),
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The service was added. Name its features next."))
            return back_to(page, "service", made.key)
    return show(request, "catalog/service_form", {"form": form, "service": None})


@console_page("catalog.write")
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change a service."""
    page = cast(PageRequest, request)
    found = get_service_for(page.access.organisation, key)
    initial = {
        **spread("name", found.name),
        **spread("description", found.description),
        "issue_prefix": found.issue_prefix,
        "icon": found.icon,
        "owner": str(found.owner_id or ""),
        "cadence_minutes": found.cadence_minutes,
        "is_public": found.is_public,
        "position": found.position,
    }
    people = owner_choices(page.access.organisation)
    form = ServiceForm(request.POST or None, people=people, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            update_service(
                service=found, fields=form.service_fields(), by=page.access.actor, now=page.now
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The service was saved."))
            return back_to(page, "service", key)
    return show(request, "catalog/service_form", {"form": form, "service": found})


@require_POST
@console_page("catalog.write")
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take a service out of use, or put it back."""
    page = cast(PageRequest, request)
    found = get_service_for(page.access.organisation, key)
    act, done = (
        (restore_service, _("The service is in use again."))
        if found.retired_at
        else (retire_service, _("The service is retired. Its past issues stay."))
    )
    attempt(request, lambda: act(service=found, by=page.access.actor, now=page.now), done=done)
    return back_to(page, "service", key)
