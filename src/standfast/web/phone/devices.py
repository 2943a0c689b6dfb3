"""What the browser of a device says: keep me, forget me, I have another address. JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from standfast.apps.catalog.queries.public import public_provider
from standfast.apps.delivery.services.devices import (
    Device,
    forget_device,
    keep_device,
    renew_device,
)
from standfast.apps.delivery.services.visitor_devices import (
    forget_visitor_device,
    keep_visitor_device,
)
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.web.entry import organisation_page

if TYPE_CHECKING:
    from standfast.web.entry import PageRequest

MOST_BYTES = 4_000


def _keep(request: HttpRequest) -> HttpResponse:
    """Tell this device of the tenant's services, or of a provider's own people, from now on."""
    page = cast("PageRequest", request)
    try:
        keep_device(
            organisation=page.access.organisation,
            user=page.access.user,
            device=Device.parse(_told(request).get("device")),
            language=get_language() or "en",
            by=page.access.actor,
            now=page.now,
        )
    except Refused as refused:
        return _refused(refused)
    return HttpResponse(status=204)


def _forget(request: HttpRequest) -> HttpResponse:
    """Tell this device no more."""
    page = cast("PageRequest", request)
    forget_device(
        organisation=page.access.organisation,
        user=page.access.user,
        address=str(_told(request).get("address", "")),
        by=page.access.actor,
        now=page.now,
    )
    return HttpResponse(status=204)


keep, keep_staff = (
    require_POST(organisation_page(face, "subscription.own")(_keep))
    for face in ("tenant", "provider")
)
forget, forget_staff = (
    require_POST(organisation_page(face, "subscription.own")(_forget))
    for face in ("tenant", "provider")
)


@csrf_exempt  # the service worker has no page, so no token; knowing the old address is the proof
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """The browser gave the device another address."""
    told = _told(request)
    try:
        device = Device.parse(told.get("now"))
        renew_device(before=str(told.get("before", "")), device=device, now=timezone.now())
    except Refused as refused:
        return _refused(refused)
    except NoAccess:
        return HttpResponse(status=404)
    return HttpResponse(status=204)


@csrf_exempt  # public pages carry no token; the device's own address is the proof
@require_POST
def keep_visitor(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell a visitor's device what is public from now on."""
    try:
        keep_visitor_device(
            provider=public_provider(slug),
            device=Device.parse(_told(request).get("device")),
            language=get_language() or "en",
            now=timezone.now(),
        )
    except NoAccess as unknown:
        raise Http404 from unknown
    except Refused as refused:
        return _refused(refused)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def forget_visitor(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell a visitor's device no more."""
    try:
        provider = public_provider(slug)
    except NoAccess as unknown:
        raise Http404 from unknown
    forget_visitor_device(provider=provider, address=str(_told(request).get("address", "")))
    return HttpResponse(status=204)


def _told(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body[:MOST_BYTES])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _refused(refused: Refused) -> HttpResponse:
    error = {"code": "refused", "field": refused.field, "message": refused.message}
    return JsonResponse({"error": error}, status=422)
