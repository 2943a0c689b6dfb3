"""The key that web pushes are signed with: made at the first start, kept in the data folder.

Browsers tie each push subscription to its public half, so a lost key ends every subscription.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from standfast.config.env import SettingError


@dataclass(frozen=True, slots=True)
class VapidKey:
    """The private half as PEM, and the public half as browsers take it (`applicationServerKey`)."""

    private: str = field(repr=False)
    public: str


def stored_vapid_key(data_dir: Path) -> VapidKey:
    """Return the key kept below `data_dir`; make one, readable by its owner only, when missing."""
    path = data_dir / "vapid.pem"
    if not path.exists():
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """Write a whole key under another name first: nobody ever reads half of one."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    key = ec.generate_private_key(ec.SECP256R1())
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        # Refused when another process was faster; then its key holds.
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def _read(path: Path) -> VapidKey:
    pem = path.read_bytes()
    try:
        key = load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise SettingError(f"{path} holds no private key: restore it from a backup.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SettingError(f"{path} is no P-256 key: restore it from a backup.")
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return VapidKey(pem.decode("ascii"), urlsafe_b64encode(point).rstrip(b"=").decode("ascii"))
