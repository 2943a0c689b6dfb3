"""The way into a page of an organisation: signed in, with the capability that the page needs.

    @organisation_page("provider", "issue.read")
    def issue_list(request: PageRequest) -> HttpResponse: ...

The view finds `request.access` (who may do what here) and `request.now` (aware UTC). A signed-out
visitor is sent to the sign-in page; everybody else without access gets the same 404 as for an
organisation that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.queries.access import Access, get_access_for

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import User


class PageRequest(HttpRequest):
    """A request that came in through `organisation_page` (a type only: never instantiated)."""

    access: Access
    now: datetime
    htmx: HtmxDetails
    user: User


def organisation_page(
    face: str, needs: str
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a view whose URL carries the organisation's `slug`; see the module."""

    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            page = cast(PageRequest, request)
            page.now = timezone.now()
            try:
                page.access = get_access_for(
                    request.user, slug, face=face, needs=needs, now=page.now
                )
                return view(page, **kwargs)
            except NoAccess as refused:
                raise Http404 from refused

        guarded.face = face  # type: ignore[attr-defined]  # the isolation test reads both
        guarded.needs = needs  # type: ignore[attr-defined]
        return guarded

    return guard


def htmx_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect, also when htmx asked (it follows HX-Redirect, not a 302, to a new page)."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    response = HttpResponse(status=302)
    response["Location"] = url
    return response
