"""Live pages: the ticket that a page gets, and the fragment that an event shows."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from standfast.apps.incidents.queries.stream import StreamItem
from standfast.apps.messagecenter.queries.stream import MaintenanceItem
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.engine.streaming.event import Event, frame
from standfast.engine.streaming.ticket import Ticket, write_ticket

TICKET_SECONDS = 12 * 3600


def stream_key() -> bytes:
    """The key that tickets are signed with, derived from the secret key."""
    return hashlib.sha256(b"standfast.streams." + settings.SECRET_KEY.encode()).digest()


def stream_address(
    *,
    tenants: tuple[int, ...] = (),
    console: int | None = None,
    public: int | None = None,
    language: str,
) -> str:
    """The address of the event stream for a page of this reader."""
    # Rounded, so that a cached page and its neighbours share one address.
    expires = (int(time.time()) // 3600 + 1) * 3600 + TICKET_SECONDS
    ticket = Ticket(tenants, console, public, language, expires)
    return f"/events?ticket={write_ticket(ticket, stream_key())}"


def as_event(item: StreamItem | MaintenanceItem) -> Event:
    """An outbox event as open pages show it, rendered once per language."""
    if isinstance(item, MaintenanceItem):
        return _maintenance_event(item)
    visible = item.issue.stage in {"published", "resolved"}
    return Event(
        id=item.event_id,
        tenants=item.tenants,
        provider=item.issue.provider_id,
        public=item.issue.is_public and item.issue.service.is_public and visible,
        frames=_frames(item, "issue", "components/live_issue.html"),
    )


def _maintenance_event(item: MaintenanceItem) -> Event:
    quiet = dict.fromkeys(LANGUAGES, frame(item.event_id, "refresh", "quiet"))
    return Event(
        id=item.event_id,
        tenants=item.tenants,
        provider=item.maintenance.provider_id,
        public=item.public,
        frames=(
            quiet
            if item.is_quiet
            else _frames(item, "maintenance", "components/live_maintenance.html")
        ),
    )


def _frames(item: StreamItem | MaintenanceItem, name: str, template: str) -> dict[str, bytes]:
    frames = {}
    for language in LANGUAGES:
        with translation.override(language):
            html = render_to_string(template, {"item": item})
        frames[language] = frame(item.event_id, name, html)
    return frames
