"""The monitoring systems that Standfast understands: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from standfast.engine.health.refusal import gettext_noop
from standfast.feeds import alertmanager, generic
from standfast.feeds.alerts import Notification
from standfast.feeds.errors import FeedError
from standfast.feeds.reading import BODY_LIMIT, require_size
from standfast.feeds.rules import Rule, make_rule
from standfast.feeds.signature import verify


class Parser(Protocol):
    """Bytes in, alerts out; raises `FeedError`."""

    def __call__(self, body: bytes, *, limit: int = ...) -> Notification:
        """Parse a body of at most `limit` bytes."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of sender. `signed` senders sign the body; others show a bearer token.

    `rules` come after those that people wrote, for senders that name our catalog themselves.
    """

    kind: str
    name: str
    parse: Parser
    signed: bool
    rules: Callable[[], tuple[Rule, ...]] = tuple


def _as_sent() -> tuple[Rule, ...]:
    named = [("service", "!=", ""), ("component", "!=", "")]
    return (
        make_rule("as sent", named, component="{component}", service="{service}"),
        make_rule("as sent, service only", named[:1], component="", service="{service}"),
    )


FEEDS: Mapping[str, Feed] = {
    feed.kind: feed
    for feed in (
        Feed("alertmanager", "Prometheus Alertmanager, Grafana", alertmanager.parse, signed=False),
        Feed("generic", "Signed webhook", generic.parse, signed=True, rules=_as_sent),
    )
}


def get_feed(kind: str) -> Feed:
    """The feed of this kind; raises `FeedError` for an unknown one."""
    try:
        return FEEDS[kind]
    except KeyError:
        raise FeedError(
            "kind",
            gettext_noop("“%(kind)s” is unknown; use %(allowed)s."),
            kind=kind,
            allowed=", ".join(FEEDS),
        ) from None


def receive(
    kind: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    secrets: Sequence[str],
    now: datetime,
    limit: int = BODY_LIMIT,
) -> Notification:
    """The notification in `body`, its signature checked first where the feed is signed.

    `limit` is in bytes. Raises `FeedError`; `BadSignature` and `BodyTooLarge` are kinds of it.
    Checking the bearer token of feeds without signature is up to the caller.
    """
    feed = get_feed(kind)
    require_size(body, limit)
    if feed.signed:
        verify(body, headers, secrets, now=now)
    return feed.parse(body, limit=limit)
