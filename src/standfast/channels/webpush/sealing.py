"""Encryption for one browser (RFC 8291) and the signature by which it knows us (RFC 8292)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from yarl import URL

from standfast.channels.contract import PermanentFailure

#: A signature is good for so long, and is made anew well before it ends.
GOOD_FOR: Final = timedelta(hours=12)
RENEWED: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a browser gives with its endpoint: its public key and a shared secret, in base64."""

    p256dh: str = field(repr=False)
    auth: str = field(repr=False)

    @classmethod
    def parse(cls, stored: str) -> Keys | None:
        """From the JSON that is kept; None when it holds no such keys."""
        try:
            found: Any = json.loads(stored)
            keys = cls(str(found["p256dh"]), str(found["auth"]))
            point, secret = keys.bytes()
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except (ValueError, KeyError, TypeError):
            return None
        return keys if len(secret) == 16 else None

    def bytes(self) -> tuple[bytes, bytes]:
        """Both, decoded. Raises ValueError."""
        return _decoded(self.p256dh), _decoded(self.auth)


class Signer:
    """Signs for push services with the installation's key; `contact` is a mail address."""

    def __init__(self, key: str, *, contact: str) -> None:
        self._vapid = Vapid02.from_pem(key.encode("ascii"))
        self._contact = f"mailto:{contact}"
        self._made: dict[str, tuple[datetime, dict[str, str]]] = {}

    def headers(self, origin: URL, *, now: datetime) -> dict[str, str]:
        """The header that a push service at `origin` checks."""
        audience = str(origin)
        at, made = self._made.get(audience, (None, {}))
        if at is None or not at <= now < at + RENEWED:
            expires = int((now + GOOD_FOR).timestamp())
            signed = self._vapid.sign({"sub": self._contact, "aud": audience, "exp": expires})
            made = {"Authorization": signed["Authorization"]}
            self._made[audience] = (now, made)
        return made


def sealed(plain: bytes, keys: Keys) -> bytes:
    """`plain`, so that only the browser that holds the private key can read it."""
    point, secret = keys.bytes()
    try:
        found: bytes = http_ece.encrypt(
            plain,
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=point,
            auth_secret=secret,
            version="aes128gcm",
        )
    except http_ece.ECEException as error:
        raise PermanentFailure(f"{type(error).__name__}: {error}", gone=True) from None
    return found


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
