"""`/status/<slug>/api/v2/*.json`: the public page for programs, readable from any site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from standfast.api.errors import not_found, problem
from standfast.api.statuspage import NAMES
from standfast.api.validated import validated
from standfast.apps.catalog.queries.public import public_provider
from standfast.apps.messagecenter.queries.statuspage import public_facts
from standfast.apps.tenancy.errors import NoAccess
from standfast.engine.wire.statuspage.documents import CONTENT_TYPE, documents

CACHE = "public, no-cache"
ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "etag, last-modified",
}
_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


@csrf_exempt
def document(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """One document of the provider's public page."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_PREFLIGHT)
    if request.method not in {"GET", "HEAD"}:
        refusal = problem(405, "methodNotAllowed", "Use GET.")
        refusal["Allow"] = "GET, HEAD"
        return refusal
    try:
        provider = public_provider(slug)
    except NoAccess:
        return not_found()
    body = documents(public_facts(provider, now=timezone.now()))[name]
    return validated(
        request, body, content_type=CONTENT_TYPE, cache_control=CACHE, headers=ANYWHERE
    )


urlpatterns = [
    path(name, document, {"name": name}, name=f"statuspage-{name.removesuffix('.json')}")
    for name in NAMES
]
