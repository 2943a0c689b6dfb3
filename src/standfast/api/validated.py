"""Answers that a client may keep and ask about again: a strong entity tag, 304 when it is known.

The front gives the same bytes the same tag, so a client may be answered by either.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from standfast.engine.wire.tags import entity_tag


def validated(
    request: HttpRequest,
    body: bytes,
    *,
    content_type: str,
    cache_control: str,
    headers: Mapping[str, str] | None = None,
) -> HttpResponseBase:
    """The body, or 304 when the client has it already."""
    tag = entity_tag(body).decode()
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = cache_control
    response["ETag"] = tag
    for name, value in (headers or {}).items():
        response[name] = value
    found = get_conditional_response(request, etag=tag, response=response)
    assert found is not None, "there is always the response itself"
    return found
