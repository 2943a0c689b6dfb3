"""A person's feeds and calendar of one tenant, under an unguessable address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from standfast.apps.incidents.queries.feeds import told_of
from standfast.apps.messagecenter.queries.addresses import FeedReader, reader_of
from standfast.apps.messagecenter.queries.tenants import known_to
from standfast.apps.messagecenter.services.addresses import note_read
from standfast.apps.publishing.rendering.entries import FeedWords, history_feed
from standfast.apps.tenancy.errors import NoAccess
from standfast.web.feeds.answers import (
    absolute,
    calendar_answer,
    feed_answer,
    wanted_language,
    wanted_reminder,
)
from standfast.web.feeds.calendars import calendar_of

View = Callable[..., HttpResponse]


def private_feed(view: View) -> View:
    """Give the view the reader behind the secret; others find nothing, and nothing is kept."""

    @wraps(view)
    @require_safe
    @conditional_page
    def shown(request: HttpRequest, feed_secret: str) -> HttpResponse:
        now = timezone.now()
        try:
            reader = reader_of(feed_secret, now=now)
        except NoAccess as refused:
            raise Http404 from refused
        note_read(address=reader.address, now=now)
        return view(request, reader, feed_secret, now)

    return shown


@private_feed
def maintenance_calendar(
    request: HttpRequest, reader: FeedReader, secret: str, now: datetime
) -> HttpResponse:
    """The tenant's maintenance."""
    tenant = reader.access.organisation
    calendar = calendar_of(
        known_to(tenant, now=now),
        owner=tenant.name,
        page_url=absolute(reverse("portal:maintenance_list", args=[tenant.slug])),
        url_of=lambda reference: _maintenance_url(tenant.slug, reference),
        language=wanted_language(request, reader.address.language),
        remind=wanted_reminder(request),
    )
    return calendar_answer(calendar, private=True)


@private_feed
def history_atom(
    request: HttpRequest, reader: FeedReader, secret: str, now: datetime
) -> HttpResponse:
    """The tenant's issues and maintenance as Atom."""
    return _history(request, reader, secret, now, "atom")


@private_feed
def history_rss(
    request: HttpRequest, reader: FeedReader, secret: str, now: datetime
) -> HttpResponse:
    """The same as RSS."""
    return _history(request, reader, secret, now, "rss")


def _history(
    request: HttpRequest, reader: FeedReader, secret: str, now: datetime, kind: str
) -> HttpResponse:
    tenant = reader.access.organisation
    words = FeedWords(
        author=tenant.name,
        page_url=absolute(reverse("portal:dashboard", args=[tenant.slug])),
        self_url=absolute(request.get_full_path()),
        key=f"/portal/{tenant.slug}/history",
        language=wanted_language(request, reader.address.language),
    )
    feed = history_feed(
        words,
        told_of(tenant, now=now),
        known_to(tenant, now=now),
        issue_url=lambda reference: absolute(
            reverse("portal:issue", args=[tenant.slug, reference])
        ),
        maintenance_url=lambda reference: _maintenance_url(tenant.slug, reference),
        empty=reader.address.created_at,
    )
    return feed_answer(feed, kind, private=True)


def _maintenance_url(slug: str, reference: str) -> str:
    return absolute(reverse("portal:maintenance", args=[slug, reference]))
