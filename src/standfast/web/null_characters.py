"""An address with a null character is answered with 400: PostgreSQL cannot look for one."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NULL = "\x00"


class NullCharacterMiddleware:
    """Refuses null characters in paths and queries, before any page asks the database.

    Forms refuse them at the field, so that what else was typed is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        in_query = any(NULL in text for pair in request.GET.lists() for text in (pair[0], *pair[1]))
        if in_query or NULL in request.path:
            raise BadRequest("null character in the address")
        return self.get_response(request)
