"""A browser that subscribed to push messages: it can read what was encrypted for it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@dataclass
class Browser:
    """Its key and secret, and the key of the installation that it subscribed to."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)
    auth: bytes = b"sixteen secrets!"
    server: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)

    @property
    def secret(self) -> str:
        """What the page stores with the endpoint."""
        return json.dumps({"p256dh": _text(point_of(self.key)), "auth": _text(self.auth)})

    @property
    def vapid_key(self) -> str:
        """The installation's key."""
        return self.server.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def read(self, body: bytes) -> bytes:
        """What the service worker is given."""
        found: bytes = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return found


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key, as browsers write it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


BROWSER = Browser()
