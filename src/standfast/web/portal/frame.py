"""What the portal's pages share: the guard, and the context of their frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from standfast.web.entry import organisation_page

View = Callable[..., HttpResponseBase]


def portal_page(needs: str) -> Callable[[View], View]:
    """Guard a view of the portal: a person of the tenant, or of a partner that acts for it."""
    return organisation_page("tenant", needs)


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the portal; `slug` is there for its links."""
    access = request.access  # type: ignore[attr-defined]  # organisation_page put it there
    full = {**context, "slug": access.organisation.slug}
    return render(request, f"portal/{template}.html", full, status=status)
