"""The link at the foot of every mail: one click ends the subscription, without sign-in.

Mail programs post here by themselves (RFC 8058), so there is no CSRF token: the key is the secret.
A GET changes nothing, because link scanners follow every link.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from standfast.apps.delivery.queries.subscriptions import subscription_by_key
from standfast.apps.delivery.services.subscriptions import unsubscribe
from standfast.apps.tenancy.errors import NoAccess


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, unsubscribe_key: str) -> HttpResponse:
    """Ask, or end it."""
    if request.method == "POST":
        try:
            found = unsubscribe(key=unsubscribe_key, now=timezone.now())
        except NoAccess as refused:
            raise Http404 from refused
        return render(request, "public/unsubscribe.html", {"subscription": found, "done": True})
    kept = subscription_by_key(unsubscribe_key)
    if kept is None:
        raise Http404
    context = {"subscription": kept, "done": not kept.is_active}
    return render(request, "public/unsubscribe.html", context)
