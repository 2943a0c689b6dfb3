"""The front door: people go to their first home, visitors to the public page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from standfast.apps.catalog.queries.public import public_providers
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
