"""Acts without a form of their own: schedule, start, complete, discard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.messagecenter.queries.provider import get_maintenance
from standfast.apps.messagecenter.services.drafting import discard_draft
from standfast.apps.messagecenter.services.running import complete, start
from standfast.apps.messagecenter.services.scheduling import schedule
from standfast.web.console.frame import attempt, back_to, console_page, typed
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.messagecenter.models import Maintenance


@require_POST
@console_page("message.publish")
def schedule_it(request: HttpRequest, message: str) -> HttpResponse:
    """Tell the audience of a draft."""
    return _tell(request, message, schedule, done=_("%(id)s is scheduled, and everybody is told."))


@require_POST
@console_page("message.publish")
def start_it(request: HttpRequest, message: str) -> HttpResponse:
    """Say that the work begins."""
    return _tell(request, message, start, done=_("%(id)s has begun, and everybody is told."))


@require_POST
@console_page("message.publish")
def complete_it(request: HttpRequest, message: str) -> HttpResponse:
    """Say that the work is done."""
    return _tell(request, message, complete, done=_("%(id)s is done, and everybody is told."))


@require_POST
@console_page("message.write")
def discard_it(request: HttpRequest, message: str) -> HttpResponse:
    """Throw a draft away."""
    page, found = _found(request, message)
    gone = attempt(
        request,
        lambda: discard_draft(maintenance=found, by=page.access.actor, now=page.now),
        done=_("The draft %(id)s is thrown away.") % {"id": found.reference},
    )
    return back_to(page, "maintenance_list") if gone else back_to(page, "maintenance", message)


def _tell(
    request: HttpRequest, message: str, act: Callable[..., object], *, done: str
) -> HttpResponse:
    """Do what everybody in the audience is told of."""
    page, found = _found(request, message)
    version = _version(request)
    attempt(
        request,
        lambda: act(maintenance=found, version=version, by=page.access.actor, now=page.now),
        done=done % {"id": found.reference},
    )
    return back_to(page, "maintenance", found.reference)


def _found(request: HttpRequest, message: str) -> tuple[PageRequest, Maintenance]:
    page = cast(PageRequest, request)
    return page, get_maintenance(page.access, message)


def _version(request: HttpRequest) -> int:
    """The version that the page showed; 0, which none has, when it is not said."""
    text = typed(request, "version")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
