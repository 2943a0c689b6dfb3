"""What pages need to be an app: the links of their head, and push to this device."""

from __future__ import annotations

import hashlib
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from standfast.apps.delivery.queries.subscriptions import own_devices

register = template.Library()


@register.inclusion_tag("phone/head.html", takes_context=True)
def app_head(context: dict[str, Any]) -> dict[str, Any]:
    """Manifest, colours and script; of a public page, the app of its provider."""
    provider = context.get("provider")
    if context.get("access") is not None:
        provider = None
    address = reverse("public:manifest", args=[provider.slug]) if provider else reverse("manifest")
    language = get_language() or "en"
    return {"manifest_url": f"{address}?language={language}", "provider": provider}


@register.inclusion_tag("phone/device.html", takes_context=True)
def device_push(context: dict[str, Any]) -> dict[str, Any]:
    """The part that is about this device: of the notifications page, or of the console's."""
    access = context["access"]
    is_staff = access.face == "provider"
    space = "console" if is_staff else "portal"
    devices = own_devices(access)
    return {
        "keep": reverse(f"{space}:device_keep", args=[access.organisation.slug]),
        "forget": reverse(f"{space}:device_forget", args=[access.organisation.slug]),
        "vapid": settings.STANDFAST_VAPID.public,
        "devices": devices,
        "is_staff": is_staff,
        # Only the browser knows its own address, so it finds itself among these.
        "known": " ".join(hashlib.sha256(each.address.encode()).hexdigest() for each in devices),
    }


@register.inclusion_tag("phone/device.html", takes_context=True)
def visitor_push(context: dict[str, Any]) -> dict[str, Any]:
    """The same for a visitor: the browser itself remembers whether it was kept."""
    slug = context["provider"].slug
    return {
        "keep": reverse("public:device_keep", args=[slug]),
        "forget": reverse("public:device_forget", args=[slug]),
        "vapid": settings.STANDFAST_VAPID.public,
        "remember": f"standfast-push-{slug}",
        "is_visitor": True,
    }
