"""history.atom and history.rss of the backup site: the main site's entries, with the same ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from standfast.apps.incidents.queries.feeds import IssueWithPosts
from standfast.apps.messagecenter.queries.views import MaintenanceView
from standfast.apps.publishing.rendering.entries import FeedWords, history_feed
from standfast.apps.publishing.rendering.pages import Frame
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.manifest import as_text
from standfast.engine.wire.feeds import atom, rss

NAMESPACE = "urn:standfast:backup-site"
_HEAD_ENDS = re.compile(rb"<generator\b")


def feed_files(
    provider: Organisation,
    frame: Frame,
    told: Iterable[IssueWithPosts],
    planned: Iterable[MaintenanceView],
    *,
    address: str,
) -> dict[str, bytes]:
    """Both feeds in the provider's language, newest change first."""
    words = FeedWords(
        author=provider.name,
        page_url=f"{address}index.html",
        self_url="",
        key=f"/status/{provider.slug}/history",
        language=provider.language,
    )
    feed = history_feed(
        words,
        told,
        planned,
        issue_url=lambda reference: f"{address}issues/{reference}/index.html",
        maintenance_url=lambda _reference: f"{address}index.html",
        empty=frame.generated_at,
    )
    files = {}
    for name, write in (("history.atom", atom), ("history.rss", rss)):
        # A copy is as new as its making: whoever follows it sees that it is still made.
        made = replace(feed, self_url=address + name, updated=frame.generated_at)
        files[name] = _HEAD_ENDS.sub(_age(frame.stale_after), write(made), count=1)
    return files


def _age(due: datetime) -> bytes:
    """When the feed is out of date, in an element of our own; when it was made, `updated` says."""
    return (
        f'<standfast:stale-after xmlns:standfast="{NAMESPACE}">{as_text(due)}'
        f"</standfast:stale-after>\n  \\g<0>"
    ).encode()
