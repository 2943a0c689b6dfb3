"""history.atom and history.rss of the backup site, as the main site writes them."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils import translation

from standfast.apps.incidents.queries.public import PublicIssue
from standfast.apps.tenancy.languages import pick
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.manifest import as_text
from standfast.engine.wire.feeds import FeedEntry, FeedUpdate, StatusFeed, atom, rss

LANGUAGE = "en"
MOST = 50
NAMESPACE = "urn:standfast:backup-site"
_HEAD_ENDS = re.compile(rb"<generator\b")


def feed_files(
    provider: Organisation,
    found: list[PublicIssue],
    *,
    address: str,
    now: datetime,
    due: datetime,
) -> dict[str, bytes]:
    """Both feeds, newest entry first."""
    newest = sorted(found, key=lambda each: each.issue.modified_at, reverse=True)[:MOST]
    with translation.override(LANGUAGE):
        entries = tuple(_entry(each, address) for each in newest)
    files = {}
    for name, write in (("history.atom", atom), ("history.rss", rss)):
        feed = StatusFeed(
            host=urlsplit(address).hostname or "localhost",
            title=f"{provider.name} - Incident History",
            author=provider.name,
            page_url=f"{address}index.html",
            self_url=address + name,
            updated=now,
            entries=entries,
            key=f"/{provider.slug}/history",
        )
        files[name] = _HEAD_ENDS.sub(_age(due), write(feed), count=1)
    return files


def _age(due: datetime) -> bytes:
    """When the feed is out of date, in an element of our own; when it was made, `updated` says."""
    return (
        f'<standfast:stale-after xmlns:standfast="{NAMESPACE}">{as_text(due)}'
        f"</standfast:stale-after>\n  \\g<0>"
    ).encode()


def _entry(found: PublicIssue, address: str) -> FeedEntry:
    issue = found.issue
    return FeedEntry(
        key=f"Incident/{issue.reference}",
        title=pick(issue.title, LANGUAGE),
        url=f"{address}issues/{issue.reference}/index.html",
        published=issue.published_at or issue.start_at,
        updated=issue.modified_at,
        updates=tuple(
            FeedUpdate(post.created_at, _words(post.status), _paragraphs(pick(post.body, LANGUAGE)))
            for post in found.posts
        ),
    )


def _words(status: str) -> str:
    """The status in words: serviceRestored is “Service restored”."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in status)
    return spaced[:1].upper() + spaced[1:]


def _paragraphs(text: str) -> str:
    return str(render_to_string("backup/prose.html", {"text": text}))
