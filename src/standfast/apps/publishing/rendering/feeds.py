"""history.atom and history.rss of the backup site: the main site's entries, with the same ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from standfast.apps.delivery.moments import in_zone
from standfast.apps.incidents.queries.public import PublicIssue
from standfast.apps.messagecenter.queries.views import MaintenanceView
from standfast.apps.publishing.rendering.pages import Frame
from standfast.apps.tenancy.languages import pick
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.manifest import as_text
from standfast.engine.wire.feeds import FeedEntry, FeedUpdate, StatusFeed, atom, rss

MOST = 50
NAMESPACE = "urn:standfast:backup-site"
_HEAD_ENDS = re.compile(rb"<generator\b")


def feed_files(
    provider: Organisation,
    frame: Frame,
    found: Iterable[PublicIssue],
    planned: Iterable[MaintenanceView],
    *,
    address: str,
) -> dict[str, bytes]:
    """Both feeds in the provider's language, newest change first."""
    language = provider.language
    with translation.override(language):
        entries = [
            *(_issue(each, address, language) for each in found),
            *(_maintenance(each, frame, address, language) for each in planned),
        ]
        title = _("%(name)s - Incident History") % {"name": provider.name}
    newest = sorted(entries, key=lambda each: (each.updated, each.key), reverse=True)[:MOST]
    files = {}
    for name, write in (("history.atom", atom), ("history.rss", rss)):
        feed = StatusFeed(
            host=urlsplit(settings.BASE_URL).hostname or "localhost",
            title=title,
            author=provider.name,
            page_url=f"{address}index.html",
            self_url=address + name,
            updated=frame.generated_at,
            entries=tuple(newest),
            language=language,
            key=f"/status/{provider.slug}/history",
        )
        files[name] = _HEAD_ENDS.sub(_age(frame.stale_after), write(feed), count=1)
    return files


def _age(due: datetime) -> bytes:
    """When the feed is out of date, in an element of our own; when it was made, `updated` says."""
    return (
        f'<standfast:stale-after xmlns:standfast="{NAMESPACE}">{as_text(due)}'
        f"</standfast:stale-after>\n  \\g<0>"
    ).encode()


def _issue(found: PublicIssue, address: str, language: str) -> FeedEntry:
    issue = found.issue
    return FeedEntry(
        key=f"Incident/{issue.reference}",
        title=pick(issue.title, language),
        url=f"{address}issues/{issue.reference}/index.html",
        published=issue.published_at or issue.start_at,
        updated=issue.modified_at,
        updates=tuple(
            _update(post.created_at, post.status, pick(post.body, language)) for post in found.posts
        ),
    )


def _maintenance(view: MaintenanceView, frame: Frame, address: str, language: str) -> FeedEntry:
    row = view.maintenance
    window = [in_zone(at, frame.zone, language) for at in (row.start_at, row.end_at) if at]
    return FeedEntry(
        key=f"Maintenance/{row.reference}",
        title=pick(row.title, language),
        url=f"{address}index.html",
        published=row.published_at or row.modified_at,
        updated=row.modified_at,
        updates=tuple(
            _update(each.created_at, each.state, pick(each.body, language), planned=True)
            for each in view.updates
        ),
        lead=" – ".join(window),
    )


def _update(at: datetime, status: str, text: str, *, planned: bool = False) -> FeedUpdate:
    word = render_to_string("backup/word.txt", {"status": status, "planned": planned})
    return FeedUpdate(at, word.strip(), render_to_string("backup/prose.html", {"text": text}))
