"""Features of a service: adding and changing."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.services import get_feature_for, get_service_for
from standfast.apps.catalog.services.offerings import create_feature, update_feature
from standfast.apps.tenancy.errors import Refused
from standfast.web.console.catalog.forms import FeatureForm
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.console.texts import spread
from standfast.web.entry import PageRequest


@console_page("catalog.write")
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Add a feature."""
    page = cast(PageRequest, request)
    service = get_service_for(page.access.organisation, key)
    form = FeatureForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            create_feature(
                service=service,
                key=form.cleaned_data["key"],
                fields=form.feature_fields(),
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The feature was added."))
            return back_to(page, "service", key)
    return show(
        request, "catalog/feature_form", {"form": form, "service": service, "feature": None}
    )


@console_page("catalog.write")
def edit(request: HttpRequest, key: str, feature: str) -> HttpResponse:
    """Change a feature."""
    page = cast(PageRequest, request)
    service = get_service_for(page.access.organisation, key)
    found = get_feature_for(service, feature)
    initial = {
        **spread("name", found.name),
        **spread("group", found.group),
        "position": found.position,
    }
    form = FeatureForm(request.POST or None, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            update_feature(
                feature=found, fields=form.feature_fields(), by=page.access.actor, now=page.now
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The feature was saved."))
            return back_to(page, "service", key)
    return show(
        request, "catalog/feature_form", {"form": form, "service": service, "feature": found}
    )
