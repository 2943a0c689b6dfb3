"""Planned maintenance that concerns everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from standfast.apps.messagecenter.queries.public import (
    public_known,
    public_maintenance,
    public_planned,
)
from standfast.web.public.frame import public_page, show

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import Organisation

PAST = timedelta(days=30)


@public_page
def maintenance_list(request: HttpRequest, provider: Organisation) -> HttpResponse:
    """What is planned, and what was in the last 30 days."""
    known = public_known(provider, now=timezone.now(), within=PAST)
    context = {
        "planned": public_planned(provider),
        "past": [each for each in known if not each.maintenance.is_planned][::-1],
    }
    return show(request, "maintenance_list", provider, context)


@public_page
def maintenance(request: HttpRequest, provider: Organisation, message: str) -> HttpResponse:
    """One public maintenance with what was said of it."""
    return show(request, "maintenance", provider, {"view": public_maintenance(provider, message)})
