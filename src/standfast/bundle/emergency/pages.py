"""Emergency posts shown in a site's files: a notice on every page, an incident in the documents.

Pure: the same files and posts give the same files. The pages keep a mark where the notice goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from standfast.bundle.emergency.post import Post
from standfast.bundle.manifest import as_text
from standfast.bundle.words import gettext_noop, translated
from standfast.engine.wire.statuspage.facts import Incident, Update
from standfast.engine.wire.statuspage.shapes import incident_shape
from standfast.engine.wire.statuspage.words import IMPACTS

Texts = tuple[tuple[str, str], ...]
MARK = re.compile(rb"<!--emergency ([a-z-]+)-->")
IMPACT = "major"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DESCRIPTION = "Partial System Outage"
NOTICE = gettext_noop("Emergency notice")
WHY = gettext_noop(
    "Written straight to the backup site, because the main system cannot be reached."
)
OVER = gettext_noop("This is over.")


@dataclass(frozen=True, slots=True)
class Thread:
    """The posts of one thread, newest first."""

    key: str
    posts: tuple[Post, ...]

    @property
    def is_open(self) -> bool:
        """Whether the newest post does not say that it is over."""
        return self.posts[0].action != "resolve"

    @property
    def titles(self) -> Texts:
        """The newest title."""
        return next((post.title for post in self.posts if post.title), ())

    def title(self, language: str) -> str:
        """The newest title in a language."""
        return picked(self.titles, language)


def threads_of(posts: Iterable[Post]) -> list[Thread]:
    """Posts by thread, the newest thread first."""
    by_thread: dict[str, list[Post]] = {}
    for post in sorted({post.key: post for post in posts}.values(), key=lambda each: each.at):
        by_thread.setdefault(post.thread, []).insert(0, post)
    found = [Thread(key, tuple(each)) for key, each in by_thread.items()]
    return sorted(found, key=lambda thread: thread.posts[-1].at, reverse=True)


def picked(texts: Texts, language: str) -> str:
    """The text in the language, else in English, else in the first there is."""
    return dict(texts).get(_picked_language(texts, language), "")


def _picked_language(texts: Texts, language: str) -> str:
    known = dict(texts)
    return next((each for each in (language, "en", *known) if known.get(each)), language)


def _lang(texts: Texts, language: str) -> str:
    """The attribute that names the language of a text where it is not that of the page."""
    found = _picked_language(texts, language)
    return "" if found == language else f' lang="{escape(found)}"'


def with_posts(files: Mapping[str, bytes], posts: Iterable[Post]) -> dict[str, bytes]:
    """The files with the posts in them."""
    threads = threads_of(posts)
    result = dict(files)
    for path, content in files.items():
        if path.endswith(".html"):
            result[path] = MARK.sub(lambda mark: _notices(threads, mark), content)
        elif path in _DOCUMENTS:
            result[path] = _document(content, threads, **_DOCUMENTS[path])
        elif path in {"history.atom", "history.rss"}:
            result[path] = _feed(path, content, threads, _address(files))
    return result


def _notices(threads: list[Thread], mark: re.Match[bytes]) -> bytes:
    language = mark.group(1).decode("ascii")
    return "".join(_notice(thread, language) for thread in threads).encode() + mark.group()


def _notice(thread: Thread, language: str) -> str:
    over = "" if thread.is_open else f"<p><strong>{translated(OVER, language)}</strong></p>"
    return (
        f'<section class="card emergency" id="emergency-{thread.key}">'
        f'<p class="meta">{translated(NOTICE, language)}</p>'
        f"<h2{_lang(thread.titles, language)}>{escape(thread.title(language))}</h2>{over}"
        f"{''.join(_said(post, language) for post in thread.posts)}"
        f'<p class="meta">{translated(WHY, language)}</p></section>\n'
    )


def _said(post: Post, language: str) -> str:
    time = f'<time datetime="{as_text(post.at)}">{spoken(post.at, language)}</time>'
    text = paragraphs(picked(post.body, language))
    if lang := _lang(post.body, language):
        text = f"<div{lang}>{text}</div>"
    return f'<p class="meta">{time}</p>{text}'


def paragraphs(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts)


def spoken(moment: datetime, language: str) -> str:
    """A time in UTC as the main pages write it."""
    if language.startswith("zh"):
        return f"{moment:%Y}年{moment.month}月{moment.day}日 {moment:%H:%M} (UTC)"
    month = MONTHS[moment.month - 1]
    return f"{moment.day} {month} {moment:%Y %H:%M} (UTC)"


# Which incidents each document lists, and whether it tells the status of the page.
_DOCUMENTS: dict[str, dict[str, Any]] = {
    "api/v2/summary.json": {"listed": "open", "status": True},
    "api/v2/status.json": {"listed": "", "status": True},
    "api/v2/incidents.json": {"listed": "all", "status": False},
    "api/v2/incidents/unresolved.json": {"listed": "open", "status": False},
}


def _document(content: bytes, threads: list[Thread], *, listed: str, status: bool) -> bytes:
    document = json.loads(content)
    page = document["page"]
    newest = max((as_text(each.posts[0].at) for each in threads), default="")
    page["updated_at"] = max(page["updated_at"], newest)
    open_ones = [each for each in threads if each.is_open]
    if status and open_ones:
        current = document["status"]
        if IMPACTS.index(IMPACT) > IMPACTS.index(current["indicator"]):
            current |= {"indicator": IMPACT, "description": DESCRIPTION}
    if listed:
        chosen = open_ones if listed == "open" else threads
        shapes = [_incident(each, page) for each in chosen]
        document["incidents"] = [*shapes, *document["incidents"]]
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _incident(thread: Thread, page: Mapping[str, Any]) -> dict[str, Any]:
    newest, first = thread.posts[0], thread.posts[-1]
    shape = incident_shape(
        Incident(
            key=f"emergency/{thread.key}",
            name=thread.title("en"),
            status=_status(newest),
            severity="high",
            classification="incident",
            url=f"{page['url']}index.html#emergency-{thread.key}",
            created_at=first.at,
            updated_at=newest.at,
            started_at=first.at,
            resolved_at=None if thread.is_open else newest.at,
            components=(),
            updates=tuple(
                Update(post.key, _status(post), picked(post.body, "en"), post.at)
                for post in thread.posts
            ),
        ),
        "",
    )
    return {**shape, "page_id": page["id"]}


def _status(post: Post) -> str:
    return "serviceRestored" if post.action == "resolve" else "investigating"


def _address(files: Mapping[str, bytes]) -> str:
    try:
        return str(json.loads(files["api/v2/status.json"])["page"]["url"])
    except (KeyError, ValueError, TypeError):
        return ""


def _feed(path: str, content: bytes, threads: list[Thread], address: str) -> bytes:
    text = content.decode()
    opening, closing = ("<entry>", "</feed>") if path.endswith("atom") else ("<item>", "</channel>")
    entries = "".join(_entry(path, thread, address) for thread in threads)
    place = text.find(opening)
    place = place if place >= 0 else text.find(closing)
    return (text[:place] + entries + text[place:]).encode() if place >= 0 else content


def _entry(path: str, thread: Thread, address: str) -> str:
    link = escape(f"{address}index.html#emergency-{thread.key}")
    title = escape(thread.title("en"))
    html = "".join(
        f"<p><small>{spoken(post.at, 'en')}</small></p>{paragraphs(picked(post.body, 'en'))}"
        for post in thread.posts
    )
    newest, first = as_text(thread.posts[0].at), as_text(thread.posts[-1].at)
    if path.endswith("atom"):
        return (
            f"<entry><id>{link}</id><title>{title}</title><updated>{newest}</updated>"
            f'<published>{first}</published><link href="{link}"/>'
            f'<content type="html">{escape(html)}</content></entry>'
        )
    rfc822 = thread.posts[0].at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><title>{title}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{thread.key}</guid><pubDate>{rfc822}</pubDate>'
        f"<description>{escape(html)}</description></item>"
    )
