"""Times as a recipient reads them: its own zone, with the offset, in its language."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils import translation
from django.utils.formats import date_format

from standfast.apps.tenancy.models import Organisation, User


def zone_of(user: User | None, organisation: Organisation | None) -> tzinfo:
    """The person's zone, else the organisation's, else UTC."""
    return zone_named(
        user.time_zone if user else "", organisation.time_zone if organisation else ""
    )


def zone_named(*names: str | None) -> tzinfo:
    """The first of the names that is a zone, else UTC."""
    for name in filter(None, names):
        try:
            return zoneinfo.ZoneInfo(name)
        except (ValueError, zoneinfo.ZoneInfoNotFoundError):
            continue
    return UTC


@lru_cache(maxsize=4_096)
def in_zone(moment: datetime, zone: tzinfo, language: str) -> str:
    """23 Nov 2026 14:30 (UTC+8), or 2026年11月23日 14:30 (UTC+8)."""
    local = moment.astimezone(zone)
    form = "Y年n月j日 H:i" if language.startswith("zh") else "j M Y H:i"
    with translation.override(language):
        return f"{date_format(local, form)} ({_offset(local.utcoffset() or timedelta())})"


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")
