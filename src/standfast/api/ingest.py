"""Where monitoring systems post their alerts: `/api/ingest/<source>/`.

Answers: 200 taken, 401 not from the source (whatever the reason), 413 too large, 422 with the field
that is wrong. What is taken but cannot be placed is kept and shown in the console.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from standfast.api.errors import problem
from standfast.apps.ingest.errors import NotAdmitted
from standfast.apps.ingest.services.admission import source_at
from standfast.apps.ingest.services.receiving import receive_notification
from standfast.feeds.errors import BadSignature, BodyTooLarge, FeedError


@csrf_exempt
@require_POST
def receive(request: HttpRequest, key: str) -> HttpResponse:
    """Take one notification."""
    if _length(request) > settings.STANDFAST_MAX_BODY_BYTES:
        return _too_large()
    try:
        received = receive_notification(
            source=source_at(key),
            body=request.body,
            headers=request.headers,
            now=timezone.now(),
        )
    except (NotAdmitted, FeedError, RequestDataTooBig, UnreadablePostError) as error:
        return _refusal(error)
    return JsonResponse(
        {
            "status": "taken",
            "alerts": received.alerts,
            "issues": received.issues,
            "problems": received.problems,
        }
    )


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refusal(error: Exception) -> HttpResponse:
    match error:
        case NotAdmitted() | BadSignature():
            return _not_admitted()
        case RequestDataTooBig():
            return _too_large()
        case BodyTooLarge():
            return problem(413, "tooLarge", error.message, field=error.field)
        case FeedError():
            return problem(422, "refused", error.message, field=error.field)
    return problem(400, "badRequest", "The body ended too early; send it again.", field="body")


def _not_admitted() -> HttpResponse:
    response = problem(
        401,
        "unauthorized",
        "Unknown address, or the token or signature does not fit. "
        "The console says what was wrong with the last notification of a source.",
    )
    response["WWW-Authenticate"] = "Bearer"
    return response


def _too_large() -> HttpResponse:
    limit = settings.STANDFAST_MAX_BODY_BYTES
    message = f"A body may have at most {limit:,} bytes; send fewer alerts at once (max_alerts)."
    return problem(413, "tooLarge", message, field="body")


urlpatterns = [path("<slug:key>/", receive, name="ingest")]
