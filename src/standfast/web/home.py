"""The front door: people go to their first home, visitors to the public page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from standfast.apps.catalog.queries.public import public_providers
from standfast.apps.incidents.queries.doors import Door, door_to
from standfast.apps.messagecenter.queries.doors import door_to_maintenance
from standfast.web.chrome import homes_of


def home(request: HttpRequest) -> HttpResponse:
    """Send people where their work is; visitors to the public page, or to a choice of them."""
    if request.user.is_authenticated:
        homes = homes_of(request, None)
        if homes:
            return redirect(homes[0].url)
        return render(request, "account/no_organisation.html")
    providers = public_providers()
    if len(providers) == 1:
        return redirect("public:overview", slug=providers[0].slug)
    return render(request, "public/choose.html", {"providers": providers})


def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """An issue by its id alone: go to the page of it that this reader may see, else not found."""
    door: Door | None = door_to(request.user, reference, now=timezone.now())
    if door is None:
        raise Http404
    return redirect(f"{door.face}:issue", slug=door.slug, reference=reference)


def maintenance(request: HttpRequest, message: str) -> HttpResponse:
    """A maintenance by its id alone, likewise."""
    door: Door | None = door_to_maintenance(request.user, message)
    if door is None:
        raise Http404
    return redirect(f"{door.face}:maintenance", slug=door.slug, message=message)
