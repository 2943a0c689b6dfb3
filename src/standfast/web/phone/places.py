"""Places by a name that fits everybody: shortcuts of the app, signed out, offline."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import override
from django.views.decorators.http import require_safe

from standfast.apps.catalog.queries.public import public_providers
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.queries.access import accesses_of

# The place of a shortcut → the page of a tenant, and what is asked for to see it.
TENANT = {
    "health": ("portal:dashboard", "health.read"),
    "maintenance": ("portal:maintenance_list", "health.read"),
    "notifications": ("portal:notifications", "subscription.own"),
}
# For those who are at no tenant, but at a provider.
PROVIDER = {"maintenance": "console:maintenance_list"}


@require_safe
def go(request: HttpRequest, place: str) -> HttpResponse:
    """Send people to this place of their first organisation that has it."""
    if place not in TENANT:
        raise Http404
    if not request.user.is_authenticated:
        return redirect("home")
    name, needs = TENANT[place]
    for access in accesses_of(request.user):
        if access.face == "tenant" and access.may(needs):
            return redirect(name, slug=access.organisation.slug)
        if access.face == "provider" and place in PROVIDER:
            return redirect(PROVIDER[place], slug=access.organisation.slug)
    return redirect("home")


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that it is done, and that this device has forgotten what it kept."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "phone/signed_out.html", {"providers": public_providers()[:10]})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without a network when nothing was kept; the same for everybody."""
    asked = request.GET.get("language", "")
    language = asked if asked in LANGUAGES else "en"
    with override(language):
        response = render(request, "phone/offline.html", {"language": language})
    patch_cache_control(response, public=True, max_age=60)
    return response
