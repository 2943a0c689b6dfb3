"""The signature headers of Standard Webhooks."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final

_PREFIX: Final = "whsec_"


def make_secret(random: bytes) -> str:
    """A new secret (“whsec_…”) from 24 to 64 random bytes."""
    if not 24 <= len(random) <= 64:
        raise ValueError("A secret is made of 24 to 64 random bytes.")
    return _PREFIX + b64encode(random).decode("ascii")


def signature_headers(
    message_id: str, body: bytes, secrets: Sequence[str], *, at: datetime
) -> dict[str, str]:
    """The three headers; during a rotation the body is signed with each of the secrets."""
    second = str(int(at.timestamp()))
    signed = b"%b.%b.%b" % (message_id.encode(), second.encode(), body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": second,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = b64decode(secret.removeprefix(_PREFIX))
    return f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode('ascii')}"
