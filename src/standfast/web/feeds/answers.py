"""Feeds as answers: their types, validators and how long a program may keep them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from standfast.apps.tenancy.languages import LANGUAGES
from standfast.engine.wire.calendars import MaintenanceCalendar, icalendar
from standfast.engine.wire.feeds import StatusFeed, atom, rss

FRESH_SECONDS = 60
WRITERS: dict[str, tuple[Callable[[StatusFeed], bytes], str]] = {
    "atom": (atom, "application/atom+xml; charset=utf-8"),
    "rss": (rss, "application/rss+xml; charset=utf-8"),
}
REMINDERS = {"60": timedelta(hours=1), "1440": timedelta(days=1)}


def feed_answer(feed: StatusFeed, kind: str, *, private: bool) -> HttpResponse:
    """The feed as `kind`: atom or rss."""
    write, content_type = WRITERS[kind]
    return _kept(HttpResponse(write(feed), content_type=content_type), private=private)


def calendar_answer(calendar: MaintenanceCalendar, *, private: bool) -> HttpResponse:
    """The calendar as a file that programs follow, and that a browser offers to a program."""
    content_type = "text/calendar; charset=utf-8"
    response = HttpResponse(icalendar(calendar), content_type=content_type)
    response["Content-Disposition"] = 'inline; filename="maintenance.ics"'
    return _kept(response, private=private)


def absolute(path: str) -> str:
    """A path of this installation as a whole address."""
    return f"{settings.BASE_URL}{path}"


def wanted_language(request: HttpRequest, usual: str) -> str:
    """The language that the address asks for, else the usual one; feeds follow no cookie."""
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else usual


def wanted_reminder(request: HttpRequest) -> timedelta | None:
    """How long before an event its alarm sounds: `?remind=60` or 1440 (minutes), else not."""
    return REMINDERS.get(request.GET.get("remind", ""))


def _kept(response: HttpResponse, *, private: bool) -> HttpResponse:
    if private:
        patch_cache_control(response, private=True, no_cache=True)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
    else:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
        response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
