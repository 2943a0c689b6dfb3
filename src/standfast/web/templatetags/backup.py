"""What the backup site's pages need: exact times, and prose that asks nothing of other sites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import nh3
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from standfast.web.templatetags.health import LANGUAGE_TAGS, prose_of
from standfast.web.templatetags.standfast import exact_time, rich

register = template.Library()
# The page is self-contained, so an image of another site would stay empty, or tell it who reads.
_ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "div": {"class", "lang"}, "p": {"class"}}
_TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area"}


@register.filter
def language_tag(language: str) -> str:
    """The language as HTML writes it."""
    return LANGUAGE_TAGS.get(language, language)


@register.filter
def iso(moment: datetime) -> str:
    """A time for programs."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@register.filter
def exact(moment: datetime) -> str:
    """A time for people with its zone: a stored page cannot say “five minutes ago”."""
    return exact_time(timezone.localtime(moment))


@register.filter
def at(moment: datetime) -> SafeString:
    """The same as an element."""
    return format_html('<time datetime="{}">{}</time>', iso(moment), exact(moment))


@register.filter
def backup_rich(text: str) -> SafeString:
    """Markdown as HTML, likewise."""
    return _self_contained(rich(text))


@register.simple_tag
def backup_prose(text: Mapping[str, Any] | None) -> SafeString:
    """A long text (Markdown) as HTML without anything that a browser would fetch."""
    return _self_contained(prose_of(text))


def _self_contained(html: str) -> SafeString:
    cleaned = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel="noreferrer")
    return mark_safe(cleaned)  # noqa: S308 - nh3 cleaned it


@register.filter
def store_error(said: str) -> str:
    """What a store said: where as it is, what in the page's language as far as it is ours."""
    where, colon, what = said.rpartition(": ")
    return f"{where}{colon}{gettext(what)}" if what else said
