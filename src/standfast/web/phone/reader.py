"""Whose page it is, said to the service worker, so that it never mixes two people's pages.

Each answer to a signed-in person names the session by a hash; whoever signs in next has another
one, and the worker forgets the pages of the one before. What is public names nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Standfast-Reader"
NOBODY = "none"


class ReaderMiddleware:
    """Adds the header to pages that are not for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and "public" not in response.get("Cache-Control", ""):
            response[HEADER] = reader_of(request)
        return response


def reader_of(request: HttpRequest) -> str:
    """A hash of the person and the session; “none” for a visitor."""
    if not request.user.is_authenticated:
        return NOBODY
    key = f"{request.user.pk}.{request.session.session_key}"
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, f"standfast.reader.{key}".encode(), hashlib.sha256).hexdigest()[:24]
