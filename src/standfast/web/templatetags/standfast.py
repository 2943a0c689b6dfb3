"""Template tags of every page: icons, status marks, times, texts per language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import nh3
from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from standfast.apps.delivery.queries.wording import detail_in_words
from standfast.apps.tenancy.languages import pick
from standfast.channels.registry import CHANNELS
from standfast.web.labels import STATUS_MARKS, StatusMark, label_of
from standfast.web.plain import MARKDOWN, plain_text
from standfast.web.reasons import (
    NEEDS,
    REMARKS,
    SEND_REASONS,
    SKIP_REASONS,
    STAGES,
    STARTED,
)

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers (the word beside it says it)."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def channel_icon(kind: str) -> SafeString:
    """The icon of a channel; a bell for one that there is no more."""
    channel = CHANNELS.get(kind)
    return SafeString(icon(channel.icon if channel else "bell"))


@register.filter
def localised(text: dict[str, str] | None) -> str:
    """The text in the page's language, falling back to English, then to any."""
    return pick(text, get_language() or "en")


@register.filter
def rich(text: str) -> SafeString:
    """Markdown of a provider as safe HTML: no raw HTML passes, links open without a referrer."""
    return mark_safe(nh3.clean(MARKDOWN.render(text or "")))  # noqa: S308 - nh3 cleaned it


@register.filter
def plain(text: str) -> str:
    """The same Markdown where nothing shows it: without its marks, links with their addresses."""
    return plain_text(text)


@register.filter
def label(value: str, kind: str) -> str:
    """The word that people read for a stored kind: {{ issue.status|label:"status" }}."""
    return label_of(kind, value)


@register.filter
def delivery_detail(detail: str) -> str:
    """What came of a try to deliver, in the page's language as far as it is ours to say."""
    return detail_in_words(detail)


@register.filter
def status_mark(status: str) -> StatusMark:
    """Icon, word and colour of a status, the same three everywhere."""
    return STATUS_MARKS.get(status, STATUS_MARKS["unknown"])


@register.simple_tag
def moment(value: datetime | None, style: str = "relative") -> str:
    """A time: relative with the exact time and zone on hover (`relative`), or exact (`exact`)."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    exact = exact_time(local)
    shown = exact if style == "exact" else relative_time(value, timezone.now())
    return format_html(
        '<time datetime="{}" title="{}" data-moment="{}">{}</time>',
        value.isoformat(),
        exact,
        style,
        shown,
    )


@register.filter
def day(value: date) -> str:
    """2026年11月23日, or 23 Nov 2026: as the dates of exact times are written."""
    return date_format(value, _day_form())


@register.filter
def month(value: date) -> str:
    """2026年11月, or Nov 2026."""
    return date_format(value, _day_form().replace("j日", "").replace("j ", ""))


def exact_time(local: datetime) -> str:
    """2026年11月23日 14:30 (UTC+8), or 23 Nov 2026 14:30 (UTC+8)."""
    return f"{date_format(local, f'{_day_form()} H:i')} ({zone_name(local)})"


def _day_form() -> str:
    return "Y年n月j日" if (get_language() or "en").startswith("zh") else "j M Y"


def zone_name(local: datetime) -> str:
    """UTC, UTC+8 or UTC+5:30."""
    offset = local.utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def relative_time(value: datetime, now: datetime) -> str:
    """“3 hours ago”, “in 20 minutes”, “just now”; one unit is enough."""
    seconds = (now - value).total_seconds()
    if abs(seconds) < 60:
        return _("just now") if seconds >= 0 else _("in under a minute")
    if seconds > 0:
        return _("%(time)s ago") % {"time": timesince(value, now, depth=1)}
    return _("in %(time)s") % {"time": timeuntil(value, now, depth=1)}


@register.filter
def duration(value: timedelta | None) -> str:
    """A length of time in days, hours and minutes: “2 h 5 min”."""
    if value is None:
        return ""
    minutes = max(0, int(value.total_seconds() // 60))
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    parts = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        _("%(n)s h") % {"n": hours} if hours else "",
        _("%(n)s min") % {"n": minutes} if minutes or not (days or hours) else "",
    ]
    return " ".join(part for part in parts if part)


@register.simple_tag(takes_context=True)
def page_query(context: dict[str, Any], **changes: Any) -> str:
    """The current query string with some values changed, for pagination and filters."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def may(access: Any, capability: str) -> bool:
    """Whether the person may: {% if access|may:"issue.publish" %}."""
    return bool(access and access.may(capability))


@register.filter
def send_reason(reason: str) -> str:
    """Why somebody is told."""
    return str(SEND_REASONS.get(reason, reason))


@register.filter
def skip_reason(reason: str) -> str:
    """Why a subscription gets nothing."""
    return str(SKIP_REASONS.get(reason, reason))


@register.filter
def remark(word: str) -> str:
    """What else the send plan decided, or why a channel that stood by was started."""
    return str(REMARKS.get(word, STARTED.get(word, word)))


@register.filter
def is_keyed(kind: str) -> bool:
    """Whether the channel's address is made by a program, so that it tells a reader nothing."""
    found = CHANNELS.get(kind)
    return bool(found and found.keyed)


@register.filter
def stage_word(kind: str) -> str:
    """What happened to a delivery."""
    return str(STAGES.get(kind, kind))


@register.filter
def need(word: str) -> str:
    """What a channel depends on; of a channel itself its name."""
    kind = word.removeprefix("channel ")
    return label_of("channel", kind) if kind != word else str(NEEDS.get(word, word))
