"""Issues and maintenance as entries of RSS and Atom, in one language.

The main site's feeds, a tenant's own and the backup site's are all made here, so that the same
history reads the same wherever it is followed; only the addresses differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from standfast.apps.incidents.queries.feeds import IssueWithPosts
from standfast.apps.messagecenter.models import Maintenance, MessageUpdate
from standfast.apps.messagecenter.queries.views import MaintenanceView
from standfast.apps.tenancy.languages import Localised, pick
from standfast.engine.wire.feeds import FeedEntry, FeedUpdate, StatusFeed

# As many as Statuspage gives.
MOST = 50
# Where an issue or a maintenance of this reference is read.
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class FeedWords:
    """The frame of one feed: whose it is, where it and its pages are, and its language.

    `key` makes its id with the host of the installation, and must not change.
    """

    author: str
    page_url: str
    self_url: str
    key: str
    language: str


def history_feed(
    words: FeedWords,
    issues: Iterable[IssueWithPosts],
    planned: Iterable[MaintenanceView],
    *,
    issue_url: Address,
    maintenance_url: Address,
    empty: datetime,
) -> StatusFeed:
    """The feed of these, newest change first; `empty` dates one without any entry."""
    with override(words.language), timezone.override(UTC):
        title = _("%(name)s - Incident History") % {"name": words.author}
        entries = [
            *(_issue(each, issue_url, words.language) for each in issues),
            *(_maintenance(each, maintenance_url, words.language) for each in planned),
        ]
    newest = sorted(entries, key=lambda each: (each.updated, each.key), reverse=True)[:MOST]
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


def host() -> str:
    """The host of this installation, which ids are made of."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def _issue(told: IssueWithPosts, address: Address, language: str) -> FeedEntry:
    """An issue with its posts, newest first. The id stays for the life of the issue."""
    issue = told.issue
    return FeedEntry(
        key=f"Incident/{issue.reference}",
        title=pick(issue.title, language),
        url=address(issue.reference),
        published=issue.published_at or issue.start_at,
        updated=told.updated,
        updates=tuple(
            _update(
                post.created_at, _words("status", status=post.status), pick(post.body, language)
            )
            for post in told.posts
        ),
    )


def _maintenance(view: MaintenanceView, address: Address, language: str) -> FeedEntry:
    """A maintenance; its window stands above what was said of it."""
    found = view.maintenance
    return FeedEntry(
        key=f"Maintenance/{found.reference}",
        title=pick(found.title, language),
        url=address(found.reference),
        published=found.published_at or found.modified_at,
        updated=found.modified_at,
        updates=tuple(_told(found, each, language) for each in view.updates),
        lead=_words("lead", state=found.state, start=found.start_at, end=found.end_at),
    )


def _told(found: Maintenance, update: MessageUpdate, language: str) -> FeedUpdate:
    # The announcement itself says nothing more than the maintenance does.
    body: Localised = update.body or (found.body if update.kind == "scheduled" else {})
    label = _words("told", kind=update.kind, start=update.start_at, end=update.end_at)
    return _update(update.created_at, label, pick(body, language))


def _update(at: datetime, label: str, text: str) -> FeedUpdate:
    return FeedUpdate(at, label, render_to_string("feeds/prose.html", {"text": text}).strip())


def _words(template: str, **values: Any) -> str:
    """Words that pages use as well, by a template: what names kinds lies above this floor."""
    return render_to_string(f"feeds/{template}.txt", values).strip()
