"""RSS and Atom in Statuspage's form: one entry an issue, one paragraph an update, newest first.

Takes plain data, so that a page and the backup site write the same feed. Ids are stable: an entry
that changes keeps its id and moves its `updated`, which is what readers go by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any, Final

from feedgen.feed import FeedGenerator

# XML has no way to write these, so a feed that held one could not be read at all.
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_PARAGRAPH: Final = "<p>"


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """One update: `label` is its status in words, `html` its text, rendered and made safe."""

    at: datetime
    label: str
    html: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One issue or maintenance. `key` is stable (`Incident/42`); `updates` newest first.

    `lead` stands above the updates, such as the window of a maintenance.
    """

    key: str
    title: str
    url: str
    published: datetime
    updated: datetime
    updates: tuple[FeedUpdate, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class StatusFeed:
    """A whole feed, entries newest first. `host` and `key` make its id, which must not change."""

    host: str
    title: str
    author: str
    page_url: str
    self_url: str
    updated: datetime
    entries: tuple[FeedEntry, ...]
    language: str = "en"
    key: str = "/history"


def atom(feed: StatusFeed) -> bytes:
    """The feed as Atom 1.0."""
    made = _head(feed)
    for entry in feed.entries:
        line = _line(made, entry, feed)
        line.id(_tag(feed.host, entry.key))
        line.published(entry.published)
        line.updated(entry.updated)
        line.content(content_of(entry, feed.language), type="html")
    written: bytes = made.atom_str(pretty=True)
    return written


def rss(feed: StatusFeed) -> bytes:
    """The feed as RSS 2.0."""
    made = _head(feed)
    for entry in feed.entries:
        line = _line(made, entry, feed)
        line.guid(entry.url, permalink=True)
        line.published(entry.updated)
        line.description(_writable(content_of(entry, feed.language)))
    written: bytes = made.rss_str(pretty=True)
    return written


def content_of(entry: FeedEntry, language: str) -> str:
    """The HTML of an entry: its lead, then one paragraph an update."""
    lead = f"<p><strong>{escape(entry.lead)}</strong></p>" if entry.lead else ""
    return _writable(lead + "".join(_paragraphs(entry.updates, language)))


def _paragraphs(updates: Iterable[FeedUpdate], language: str) -> Iterable[str]:
    for update in updates:
        head = f"<p><small>{_moment(update.at, language)}</small><br>"
        head += f"<strong>{escape(update.label)}</strong> - "
        text = update.html.strip()
        if text.startswith(_PARAGRAPH):
            yield head + text.removeprefix(_PARAGRAPH)
        else:
            yield f"{head}</p>{text}"


def _moment(at: datetime, language: str) -> str:
    moment = at.astimezone(UTC)
    day = f"<var data-var='date'>{moment.day}</var>"
    clock = f"<var data-var='time'>{moment:%H:%M}</var>"
    if language.startswith("zh"):
        return f"{moment.month}月{day}日 {clock} UTC"
    month = _MONTHS[4 * (moment.month - 1) :][:3]
    return f"{month} {day}, {clock} UTC"


def _head(feed: StatusFeed) -> Any:
    made = FeedGenerator()
    made.id(_tag(feed.host, feed.key))
    made.title(_writable(feed.title))
    made.description(_writable(feed.title))
    made.author(name=_writable(feed.author))
    made.link(href=feed.self_url, rel="self")
    made.link(href=feed.page_url, rel="alternate")  # the last one is RSS's own
    made.language("zh-Hant" if feed.language.startswith("zh") else feed.language)
    made.generator("Standfast")
    made.docs("")
    made.updated(feed.updated)
    return made


def _line(made: Any, entry: FeedEntry, feed: StatusFeed) -> Any:
    line = made.add_entry(order="append")
    line.title(_writable(entry.title).strip() or entry.key)  # an empty one is not valid
    line.link(href=entry.url)
    return line


def _tag(host: str, key: str) -> str:
    return f"tag:{host},2005:{key}"


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)
