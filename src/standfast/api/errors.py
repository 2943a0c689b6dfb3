"""Errors of the API as JSON: {"error": {"code", "field", "message"}}.

What does not exist and what belongs to somebody else get the very same answer.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from standfast.apps.tenancy.errors import Conflict, MissingScope, NoAccess, Refused

_CODES = {400: "badRequest", 401: "unauthorized", 403: "forbidden", 404: "notFound"}


def problem(status: int, code: str, message: str, *, field: str | None = None) -> JsonResponse:
    """One error in the shape that every error has."""
    return JsonResponse(
        {"error": {"code": code, "field": field, "message": message}}, status=status
    )


def not_found() -> JsonResponse:
    """The answer for absent and foreign things alike."""
    return problem(404, "notFound", _("There is no such thing here."))


def too_many(wait: float) -> JsonResponse:
    """The answer to a token that asks too often; `wait` is in seconds."""
    text = _("Too many requests with this token; wait, then try again.")
    response = problem(429, "tooManyRequests", text)
    response["Retry-After"] = str(max(1, int(wait)))
    return response


def install_error_handlers(api: NinjaAPI) -> None:
    """Make `api` answer every expected error in the one shape."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(MissingScope, _missing_scope)
    api.add_exception_handler(NoAccess, _absent)
    api.add_exception_handler(Http404, _absent)
    api.add_exception_handler(PermissionDenied, _absent)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http_error)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, Conflict):
        return problem(409, "conflict", error.message, field=error.field)
    return problem(422, "refused", error.message, field=error.field)


def _missing_scope(request: HttpRequest, error: Any) -> HttpResponse:
    message = _("This token does not allow “%(scope)s”; make one that does.")
    return problem(403, "missingScope", message % {"scope": error.scope})


def _absent(request: HttpRequest, error: Any) -> HttpResponse:
    return not_found()


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """The first thing that is wrong with the request; `field` is its place in the body or query."""
    first: dict[str, Any] = error.errors[0]
    # Where it is (body, query, path), the argument's name, then the way down to the field.
    place = [str(part) for part in first["loc"]]
    field = ".".join(place[2:] or place[1:] or place)
    return problem(422, "invalid", str(first["msg"]), field=field)


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, Throttled):
        return too_many(error.wait or 1)
    status = error.status_code
    return problem(status, _CODES.get(status, "error"), str(error))
