"""The signature headers of Standard Webhooks."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook


def make_secret(random: bytes) -> str:
    """A new secret (“whsec_…”) from 24 to 64 random bytes."""
    if not 24 <= len(random) <= 64:
        raise ValueError("A secret is made of 24 to 64 random bytes.")
    return "whsec_" + b64encode(random).decode("ascii")


def signature_headers(
    message_id: str, body: str, secrets: Sequence[str], *, at: datetime
) -> dict[str, str]:
    """The three headers; during a rotation the body is signed with each of the secrets."""
    signatures = [Webhook(secret).sign(message_id, at.astimezone(UTC), body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
