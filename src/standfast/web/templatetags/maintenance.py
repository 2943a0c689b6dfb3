"""What pages about maintenance need: its state as a mark, its window in words."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standfast.apps.messagecenter.queries.views import MaintenanceView
from standfast.web.labels import MAINTENANCE_MARKS, STATUS_MARKS, StatusMark
from standfast.web.templatetags.standfast import (
    duration,
    exact_time,
    relative_time,
    zone_name,
)

register = template.Library()


@register.filter
def maintenance_mark(state: str) -> StatusMark:
    """Icon, word and colour of a maintenance's state, the same three everywhere."""
    return MAINTENANCE_MARKS.get(state, STATUS_MARKS["unknown"])


@register.simple_tag
def window(start: datetime | None, end: datetime | None) -> SafeString:
    """“30 Nov 2026 09:00–11:00 (UTC+8)”; the second day only where it is another one."""
    if start is None or end is None:
        return SafeString("")
    return format_html(
        '<time datetime="{0}/{1}" title="{2} – {3}">{4}</time>',
        start.isoformat(),
        end.isoformat(),
        exact_time(timezone.localtime(start)),
        exact_time(timezone.localtime(end)),
        window_in_words(timezone.localtime(start), timezone.localtime(end)),
    )


@register.simple_tag
def window_text(start: datetime, end: datetime) -> str:
    """The same as plain words."""
    return window_in_words(timezone.localtime(start), timezone.localtime(end))


def window_in_words(start: datetime, end: datetime) -> str:
    """The window of two local times, with their zone once."""
    form = "Y年n月j日 H:i" if (get_language() or "en").startswith("zh") else "j M Y H:i"
    until = "H:i" if start.date() == end.date() else form
    first, last = date_format(start, form), date_format(end, until)
    dash = "–" if until == "H:i" else " – "
    zone = zone_name(start) if zone_name(start) == zone_name(end) else zone_name(end)
    return f"{first}{dash}{last} ({zone})"


@register.filter
def maintenance_answer(view: MaintenanceView) -> str:
    """The first line of a maintenance's page: when, how long, or that it is over."""
    found, now = view.maintenance, timezone.now()
    assert found.start_at is not None, "what was told has a window"
    assert found.end_at is not None, "what was told has a window"
    match found.state:
        case "cancelled":
            return _("This is called off: nothing happens in this window.")
        case "completed":
            return _("This is done.")
        case "in_progress":
            if found.end_at < now:
                return _("The work goes on longer than planned.")
            return _("The work is going on; it should be over %(when)s.") % {
                "when": relative_time(found.end_at, now)
            }
    if found.start_at < now:
        return _("The window has begun; the start is not confirmed yet.")
    return _("It begins %(when)s and takes up to %(length)s.") % {
        "when": relative_time(found.start_at, now),
        "length": duration(found.end_at - found.start_at),
    }
