"""What people write to a Mastodon account: mentions and replies, without their HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from standfast.channels import details
from standfast.channels.contract import AddressRefused, Heard, PermanentFailure, TemporaryFailure
from standfast.channels.markup import plain_text, web_link
from standfast.channels.mastodon.account import endpoint, signed_in
from standfast.channels.outgoing.answers import judge
from standfast.channels.outgoing.client import Client
from standfast.channels.outgoing.config import OutgoingConfig

#: So many at a time; who has more is asked again soon.
PAGE: Final = 40
_LARGEST: Final = 2_000_000
_GONE: Final = frozenset({401, 403, 410})
LONGEST: Final = 2_000


class MastodonListener:
    """Asks the account's server for the notifications of one kind: mentions."""

    def __init__(self, config: OutgoingConfig) -> None:
        self._client = Client(config, {})

    async def hear(self, address: str, secret: str, *, since: str) -> list[Heard]:
        """The mentions after `since`, oldest first; at the first time only the newest."""
        try:
            url = endpoint(address, "/api/v1/notifications")
        except AddressRefused as refusal:
            raise PermanentFailure(refusal.message, gone=True) from None
        query = {"types[]": "mention", "limit": str(PAGE)}
        if since:
            query["min_id"] = since
        answer = await self._client.request(
            "GET", url.with_query(query), None, signed_in(secret), limit=_LARGEST
        )
        judge(answer.status, answer.retry_after, answer.text, now=datetime.now(UTC), gone=_GONE)
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list):
            raise TemporaryFailure(details.ODD_ANSWER % {"host": url.host})
        heard = [_heard(each) for each in found if isinstance(each, dict)]
        return sorted((each for each in heard if each), key=lambda each: _order(each.number))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def open_listener(settings: Mapping[str, object]) -> MastodonListener:
    """The listener; accounts bring their own tokens."""
    return MastodonListener(OutgoingConfig.parse(settings))


def _heard(notification: Mapping[str, Any]) -> Heard | None:
    """One mention; None when it is something else or has another shape."""
    status, account = notification.get("status"), notification.get("account")
    if notification.get("type") != "mention":
        return None
    if not isinstance(status, dict) or not isinstance(account, dict):
        return None
    number = plain_text(str(notification.get("id", "")))[:60]
    try:
        at = _moment(str(status.get("created_at")))
    except (ValueError, OverflowError):
        return None
    if not number:
        return None
    return Heard(
        number=number,
        receipt=plain_text(str(status.get("id", "")))[:60],
        author=plain_text(str(account.get("acct", "")))[:200],
        text=plain_text(str(status.get("content", "")))[:LONGEST],
        url=web_link(str(status.get("url") or "")),
        at=at,
        language=plain_text(str(status.get("language") or ""))[:10],
    )


def _moment(text: str) -> datetime:
    """In UTC. Raises ValueError, or OverflowError for one at the end of all times."""
    at = datetime.fromisoformat(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _order(number: str) -> tuple[int, str]:
    """Numbers grow with their length; they are texts, since some servers use letters."""
    return len(number), number
