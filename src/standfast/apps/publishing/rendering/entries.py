"""Issues and maintenance as entries of RSS and Atom, in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from standfast.apps.tenancy.languages import Localised, pick
from standfast.engine.wire.feeds import FeedEntry, FeedUpdate, StatusFeed
from standfast.web.labels import label_of
from standfast.web.templatetags.maintenance import window_in_words
from standfast.web.templatetags.standfast import rich

if TYPE_CHECKING:
    from standfast.apps.incidents.queries.feeds import IssueWithPosts
    from standfast.apps.messagecenter.models import Maintenance, MessageUpdate
    from standfast.apps.messagecenter.queries.views import MaintenanceView

# As many as Statuspage gives.
MOST = 50


@dataclass(frozen=True, slots=True)
class FeedWords:
    """The frame of one feed: whose it is, and where it and its pages are."""

    author: str
    page_url: str
    self_url: str
    key: str
    language: str


def feed_of(words: FeedWords, entries: Iterable[FeedEntry], *, empty: datetime) -> StatusFeed:
    """The feed of these entries, newest change first; `empty` dates one without any."""
    newest = sorted(entries, key=lambda each: (each.updated, each.key), reverse=True)[:MOST]
    with override(words.language):
        title = _("%(name)s - Incident History") % {"name": words.author}
    return StatusFeed(
        host=host(),
        title=title,
        author=words.author,
        page_url=words.page_url,
        self_url=words.self_url,
        updated=newest[0].updated if newest else empty,
        entries=tuple(newest),
        language=words.language,
        key=words.key,
    )


def issue_entry(told: IssueWithPosts, *, url: str, language: str) -> FeedEntry:
    """An issue with its posts, newest first. The id stays for the life of the issue."""
    issue = told.issue
    with override(language):
        updates = tuple(
            _update(post.created_at, label_of("status", post.status), post.body, language)
            for post in told.posts
        )
    return FeedEntry(
        key=f"Incident/{issue.reference}",
        title=pick(issue.title, language),
        url=url,
        published=issue.published_at or issue.start_at,
        updated=told.updated,
        updates=updates,
    )


def maintenance_entry(view: MaintenanceView, *, url: str, language: str) -> FeedEntry:
    """A maintenance; its window stands above what was said of it."""
    found = view.maintenance
    with override(language):
        updates = tuple(_told(found, each, language) for each in view.updates)
        lead = _lead(found)
    return FeedEntry(
        key=f"Maintenance/{found.reference}",
        title=pick(found.title, language),
        url=url,
        published=found.published_at or found.modified_at,
        updated=found.modified_at,
        updates=updates,
        lead=lead,
    )


def host() -> str:
    """The host of this installation, which ids are made of."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def absolute(path: str) -> str:
    """A path of this installation as a whole address."""
    return f"{settings.BASE_URL}{path}"


def _lead(found: Maintenance) -> str:
    assert found.start_at is not None, "what was told has a window"
    assert found.end_at is not None, "what was told has a window"
    window = window_in_words(found.start_at.astimezone(UTC), found.end_at.astimezone(UTC))
    words: Callable[[], str] = {
        "cancelled": lambda: _("THIS SCHEDULED EVENT IS CANCELLED"),
        "completed": lambda: _("THIS SCHEDULED EVENT IS OVER"),
    }.get(found.state, lambda: _("THIS IS A SCHEDULED EVENT"))
    return f"{words()} {window}"


def _told(found: Maintenance, update: MessageUpdate, language: str) -> FeedUpdate:
    label = label_of("maintenance_update", update.kind)
    body = update.body or (found.body if update.kind == "scheduled" else {})
    if update.kind == "moved" and update.start_at and update.end_at:
        window = window_in_words(update.start_at.astimezone(UTC), update.end_at.astimezone(UTC))
        label = f"{label}: {window}"
    return _update(update.created_at, label, body, language)


def _update(at: datetime, label: str, body: Localised, language: str) -> FeedUpdate:
    return FeedUpdate(at, label, rich(pick(body, language)))
