"""What pages about service health need: texts with their language, bars of days, promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from standfast.apps.incidents.queries.views import DayStatus, TenantIssueView
from standfast.apps.tenancy.languages import LANGUAGES, pick, written_in
from standfast.web import answers
from standfast.web.labels import STATUS_MARKS, label_of
from standfast.web.templatetags.standfast import duration, exact_time, relative_time, rich

register = template.Library()

# The taller, the worse: the picture can be read without its colours.
HEIGHTS = {"ok": 10, "muted": 10, "info": 17, "warn": 23, "bad": 28}
DAY_WIDTH, DAY_GAP, FULL_HEIGHT = 8, 2, 28
LANGUAGE_TAGS = {"en": "en", "zh-hant": "zh-Hant"}


@register.simple_tag
def line_of(text: Mapping[str, str] | None) -> SafeString:
    """A short text in the page's language; a text in another one is marked with its code."""
    shown, language = _shown(text)
    if language is None:
        return conditional_escape(shown)
    return format_html(
        '<span lang="{}">{}</span> <abbr class="chip" title="{}">{}</abbr>',
        LANGUAGE_TAGS[language],
        shown,
        pending_words(language),
        language[:2].upper(),
    )


@register.simple_tag
def prose_of(text: Mapping[str, str] | None) -> SafeString:
    """A long text (Markdown) as HTML; one in another language says that a translation is due."""
    shown, language = _shown(text)
    if language is None:
        return format_html('<div class="prose">{}</div>', rich(shown))
    return format_html(
        '<p class="pending">{}</p><div class="prose" lang="{}">{}</div>',
        pending_words(language),
        LANGUAGE_TAGS[language],
        rich(shown),
    )


def pending_words(language: str) -> str:
    """“English only, translation pending”."""
    return _("%(language)s only, translation pending") % {
        "language": label_of("language", language)
    }


@register.simple_tag
def day_bars(days: Iterable[DayStatus]) -> SafeString:
    """One bar a day, oldest first, as a picture with its summary in words."""
    return _bars(tuple(day.status for day in days), get_language() or "en")


@register.simple_tag
def promise(due: datetime | None) -> SafeString:
    """“14:30” and a countdown to it; nothing when no update is promised."""
    if due is None:
        return SafeString("")
    late = timezone.now() > due
    return format_html(
        '<time datetime="{0}" title="{1}">{2}</time> '
        '<span class="countdown{3}" data-countdown="{0}">{4}</span>',
        due.isoformat(),
        exact_time(timezone.localtime(due)),
        answers.clock(due),
        " is-overdue" if late else "",
        relative_time(due, timezone.now()),
    )


@register.filter
def issue_answer(view: TenantIssueView) -> str:
    """The first line of an issue page."""
    return answers.issue_answer(view)


@register.filter
def had_extended_recovery(view: TenantIssueView) -> bool:
    """Whether the issue is over and its recovery took longer than the repair."""
    return not view.issue.is_open and any(post.status == "extendedRecovery" for post in view.posts)


@register.filter
def every(minutes: int | None) -> str:
    """How often, in words: “every hour”, “every 45 min”."""
    if not minutes:
        return ""
    alone = {60: _("every hour"), 1440: _("every day")}
    time = duration(timedelta(minutes=minutes))
    return alone.get(minutes) or _("every %(time)s") % {"time": time}


def _shown(text: Mapping[str, str] | None) -> tuple[str, str | None]:
    """The text to show, and its language where that is not the page's."""
    wanted = get_language() or "en"
    shown = pick(text, wanted)
    if not shown or written_in(text, wanted):
        return shown, None
    return shown, next((each for each in LANGUAGES if written_in(text, each)), None)


@lru_cache(maxsize=2_000)
def _bars(statuses: tuple[str, ...], language: str) -> SafeString:
    paths: dict[str, list[str]] = {}
    for place, status in enumerate(statuses):
        tone = STATUS_MARKS.get(status, STATUS_MARKS["unknown"]).tone
        height = HEIGHTS[tone]
        bar = f"M{place * DAY_WIDTH} {FULL_HEIGHT}v-{height}h{DAY_WIDTH - DAY_GAP}v{height}z"
        paths.setdefault(tone, []).append(bar)
    drawn = format_html_join(
        "", '<path class="fill-{}" d="{}"/>', ((tone, "".join(p)) for tone, p in paths.items())
    )
    return format_html(
        '<svg class="day-bars" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>',
        len(statuses) * DAY_WIDTH - DAY_GAP,
        FULL_HEIGHT,
        _bars_in_words(statuses),
        drawn,
    )


def _bars_in_words(statuses: tuple[str, ...]) -> str:
    hit = [status for status in statuses if status != "serviceOperational"]
    if not hit:
        return _("Last %(days)s days: no problem") % {"days": len(statuses)}
    counted = {status: hit.count(status) for status in hit}
    listed = ", ".join(
        ngettext("%(status)s on %(n)s day", "%(status)s on %(n)s days", count)
        % {"status": label_of("status", status), "n": count}
        for status, count in counted.items()
    )
    return _("Last %(days)s days: %(listed)s") % {"days": len(statuses), "listed": listed}
