"""The public feeds of a provider, in Statuspage's form, and its public calendar."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from standfast.apps.catalog.queries.public import public_provider
from standfast.apps.incidents.queries.feeds import told_publicly
from standfast.apps.messagecenter.queries.public import public_known
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

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import Organisation
    from standfast.engine.wire.feeds import StatusFeed

View = Callable[..., HttpResponse]


def public_feed(view: View) -> View:
    """Give the view the provider of the address; programs may keep the answer for a minute."""

    @wraps(view)
    @require_safe
    @conditional_page
    def shown(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            return view(request, public_provider(slug))
        except NoAccess as refused:
            raise Http404 from refused

    return shown


@public_feed
def history_atom(request: HttpRequest, provider: Organisation) -> HttpResponse:
    """Public issues and maintenance as Atom."""
    return feed_answer(_history(request, provider), "atom", private=False)


@public_feed
def history_rss(request: HttpRequest, provider: Organisation) -> HttpResponse:
    """The same as RSS."""
    return feed_answer(_history(request, provider), "rss", private=False)


@public_feed
def maintenance_calendar(request: HttpRequest, provider: Organisation) -> HttpResponse:
    """Public maintenance as a calendar."""
    calendar = calendar_of(
        public_known(provider, now=timezone.now()),
        owner=provider.name,
        page_url=absolute(reverse("public:maintenance_list", args=[provider.slug])),
        url_of=lambda reference: _url("maintenance", provider, reference),
        language=wanted_language(request, provider.language),
        remind=wanted_reminder(request),
    )
    return calendar_answer(calendar, private=False)


def _history(request: HttpRequest, provider: Organisation) -> StatusFeed:
    now = timezone.now()
    words = FeedWords(
        author=provider.name,
        page_url=absolute(reverse("public:overview", args=[provider.slug])),
        self_url=absolute(request.get_full_path()),
        key=f"/status/{provider.slug}/history",
        language=wanted_language(request, provider.language),
    )
    return history_feed(
        words,
        told_publicly(provider, now=now),
        public_known(provider, now=now),
        issue_url=lambda reference: _url("issue", provider, reference),
        maintenance_url=lambda reference: _url("maintenance", provider, reference),
        empty=provider.created_at,
    )


def _url(page: str, provider: Organisation, reference: str) -> str:
    return absolute(reverse(f"public:{page}", args=[provider.slug, reference]))
