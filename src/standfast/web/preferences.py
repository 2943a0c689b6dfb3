"""A person's language and time zone win over the browser's."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

ZONE_COOKIE = "standfast_zone"


class PreferencesMiddleware:
    """Activates language and zone for the request.

    The language cookie that the switch sets was applied by LocaleMiddleware; a person who chose a
    language in the profile gets it unless the cookie says otherwise. The zone comes from the
    profile, else from the cookie that the page's script sets, else it is UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        chosen_here = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if user.is_authenticated and user.language and not chosen_here:
            translation.activate(user.language)
        chosen = user.time_zone if user.is_authenticated else ""
        zone = known_zone(chosen) or known_zone(request.COOKIES.get(ZONE_COOKIE, ""))
        with timezone.override(zone):
            request.LANGUAGE_CODE = translation.get_language()
            return self.get_response(request)


def known_zone(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the IANA zone `name`, or None when it is empty or unknown."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (ValueError, zoneinfo.ZoneInfoNotFoundError, OSError):
        return None
