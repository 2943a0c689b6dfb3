"""What public pages share: they are the same for everybody, so caches may keep them for a while.

They touch no session and carry no form, so nothing of one reader can reach another through a cache.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from standfast.apps.catalog.queries.public import public_provider
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.languages import LANGUAGES

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import Organisation

FRESH_SECONDS = 10
View = Callable[..., HttpResponse]


def public_page(view: Callable[..., HttpResponse]) -> View:
    """Give the view the provider of the address; let caches keep what it returns."""

    @wraps(view)
    @require_safe
    @conditional_page
    def shown(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        if request.GET.get("language") in LANGUAGES:
            return _in_language(request)
        try:
            response = view(request, public_provider(slug), **kwargs)
        except NoAccess as refused:
            raise Http404 from refused
        if request.headers.get("HX-Request"):  # a page that was told of news wants the news
            patch_cache_control(response, no_cache=True)
        else:
            patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
        patch_vary_headers(response, ("Accept-Language", "Cookie", "HX-Request"))
        return response

    return shown


def visitor_form(view: Callable[..., HttpResponse]) -> View:
    """A page with a form for visitors: never kept, for it answers one reader."""

    @wraps(view)
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and request.GET.get("language") in LANGUAGES:
            return _in_language(request)
        try:
            return view(request, **kwargs)
        except NoAccess as refused:
            raise Http404 from refused

    return shown


def show(
    request: HttpRequest, template: str, provider: Organisation, context: dict[str, Any]
) -> HttpResponse:
    """Render a public page of the provider."""
    full = {**context, "provider": provider, "slug": provider.slug}
    return render(request, f"public/{template}.html", full)


def _in_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie, by a link: a form would need a session's token."""
    response = redirect(request.path)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        request.GET["language"],
        max_age=31_536_000,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    response["Cache-Control"] = "no-store"
    return response
