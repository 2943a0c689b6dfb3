"""Proof that a body comes from somebody who knows the secret: Standard Webhooks.

The library signs; the checks are ours because its own read the clock and let malformed
signatures through as other errors.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from standardwebhooks import Webhook

from standfast.engine.health.refusal import gettext_noop
from standfast.feeds.errors import BadSignature

TOLERANCE: Final = timedelta(minutes=5)
_MOST_SIGNATURES: Final = 20


def verify(
    body: bytes,
    headers: Mapping[str, str],
    secrets: Sequence[str],
    *,
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> str:
    """The message id, when one of `secrets` (“whsec_…”) signed the body within `tolerance` of now.

    During a rotation pass both secrets. Raises `BadSignature` naming the header and the fix.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    message_id = _header(lowered, "webhook-id")
    sent_at = _sent_at(_header(lowered, "webhook-timestamp"))
    given = _header(lowered, "webhook-signature").split()[:_MOST_SIGNATURES]
    if abs(now - sent_at) > tolerance:
        raise BadSignature(
            "webhook-timestamp",
            gettext_noop(
                "is more than %(seconds)s seconds from our clock (%(clock)s);"
                " set the clock and sign each try anew."
            ),
            seconds=f"{tolerance.total_seconds():.0f}",
            clock=f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadSignature("body", gettext_noop("is not UTF-8.")) from None
    expected = [Webhook(secret).sign(message_id, sent_at, text) for secret in secrets]
    if not any(_same(one, other) for one in expected for other in given):
        raise BadSignature(
            "webhook-signature",
            gettext_noop(
                "does not fit; sign “webhook-id.webhook-timestamp.body” with the secret shown for"
                " this source (see the Standard Webhooks specification)."
            ),
        )
    return message_id


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "").strip()
    if not value:
        raise BadSignature(
            name, gettext_noop("is missing; sign the body as Standard Webhooks describes.")
        )
    return value


def _sent_at(value: str) -> datetime:
    if not (value.isascii() and value.isdigit() and len(value) <= 12):
        raise BadSignature(
            "webhook-timestamp", gettext_noop("must be the time in whole seconds since 1970.")
        )
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadSignature("webhook-timestamp", gettext_noop("is not a possible time.")) from None
