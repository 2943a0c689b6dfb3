"""What a notice about planned maintenance says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from standfast.apps.delivery import links
from standfast.apps.delivery.models import Delivery, Notice
from standfast.apps.delivery.moments import in_zone, zone_of
from standfast.apps.messagecenter.models import Message, MessageUpdate
from standfast.apps.tenancy.languages import pick, written_in


@dataclass(frozen=True, slots=True)
class Work:
    """One maintenance in a digest, with the newest of what was said; its window in UTC."""

    reference: str
    title: str
    services: str
    kind: str
    window: str
    body: str


def maintenance_context(
    update: MessageUpdate, language: str, *, announces: bool = False
) -> dict[str, Any]:
    """The words that all recipients share; windows are each recipient's own (slots).

    `announces`: they hear of it for the first time, so that it is no change to them.
    """
    found = update.message
    said = "scheduled" if announces and update.kind in {"changed", "moved"} else update.kind
    body = {} if said != update.kind else update.body
    body = body or (found.body if said in {"scheduled", "changed"} else {})
    return {
        "maintenance": found,
        "said": said,
        "title": pick(found.title, language),
        "services": _services(found, language),
        "provider": found.provider.name,
        "body": pick(body, language),
        "translated": not body or written_in(body, language),
        "description": pick(found.body, language) if body != found.body else "",
    }


def maintenance_personal(delivery: Delivery) -> Mapping[str, str]:
    """The windows in the recipient's time zone, and its page."""
    update, subscription = delivery.notice.message_update, delivery.subscription
    assert update is not None, "a notice about maintenance has an update"
    organisation = subscription.organisation if subscription else update.message.provider
    user = subscription.user if subscription else delivery.user
    zone = zone_of(user, organisation)
    return {
        "window": _window(update.start_at, update.end_at, zone, delivery.language),
        "window_before": _window(update.start_before, update.end_before, zone, delivery.language),
        "link": (
            f"{links.maintenance_of(subscription)}{update.message.reference}/"
            if subscription
            else links.console_maintenance(update.message)
        ),
    }


def maintenance_payload(update: MessageUpdate) -> dict[str, Any]:
    """The same for programs; times are ISO 8601 in UTC."""
    found = update.message
    return {
        "id": found.reference,
        "services": [{"id": service.key, "name": service.name} for service in found.services.all()],
        "state": update.state,
        "sequence": update.number,  # as it was then: the row may have moved on
        "title": found.title,
        "body": found.body,
        "start_at": _time(update.start_at),
        "end_at": _time(update.end_at),
        "moved_from": (
            {"start_at": _time(update.start_before), "end_at": _time(update.end_before)}
            if update.start_before
            else None
        ),
        "update": {
            "number": update.number,
            "kind": update.kind,
            "body": update.body,
            "created_at": _time(update.created_at),
        },
    }


def works_of(notices: Iterable[Notice], language: str) -> list[Work]:
    """The maintenance among the notices of a digest, newest first, each once."""
    newest: dict[int, MessageUpdate] = {}
    for notice in notices:
        update = notice.message_update
        if update is not None:
            newest.setdefault(update.message_id, update)
    return [
        Work(
            reference=update.message.reference,
            title=pick(update.message.title, language),
            services=_services(update.message, language),
            kind=update.kind,
            window=_window(update.start_at, update.end_at, UTC, language),
            body=pick(update.body, language),
        )
        for update in newest.values()
    ]


def _services(found: Message, language: str) -> str:
    return ", ".join(pick(service.name, language) for service in found.services.all())


def _window(start: datetime | None, end: datetime | None, zone: tzinfo, language: str) -> str:
    if start is None or end is None:
        return ""
    return f"{in_zone(start, zone, language)} – {in_zone(end, zone, language)}"


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
