"""Ed25519 keys: made once, kept readable by their owner only, named by their public half."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from standfast.bundle.errors import BadKey

PUBLIC_PREFIX = "ed25519:"


def make_key() -> Ed25519PrivateKey:
    """Make a new key."""
    return Ed25519PrivateKey.generate()


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half as people write it down: ed25519:BASE64."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return PUBLIC_PREFIX + base64.b64encode(raw).decode("ascii")


def key_id(public: str) -> str:
    """A short name of a public key, for pages and messages."""
    return hashlib.sha256(_raw(public)).hexdigest()[:12]


def check_public(text: str) -> str:
    """The public key as given, trimmed. Raises BadKey when it is none."""
    _raw(text.strip())
    return text.strip()


def sign(key: Ed25519PrivateKey, content: bytes) -> str:
    """The signature of `content` in base64."""
    return base64.b64encode(key.sign(content)).decode("ascii")


def is_signed(content: bytes, *, public: str, signature: str) -> bool:
    """Whether the holder of the public key signed `content`."""
    try:
        given = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(_raw(public)).verify(given, content)
    except (InvalidSignature, binascii.Error, ValueError, BadKey):
        return False
    return True


def load_key(path: Path) -> Ed25519PrivateKey:
    """The private key in the file. Raises BadKey saying what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadKey(f"The key file {path} cannot be read: {error.strerror}.") from error
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKey(f"The file {path} holds no private key (PEM, without password).") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"The key in {path} is of another kind; `standfast edge keygen` makes one.")
    return key


def save_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Write a new key file that only its owner may read. Raises BadKey when there is one already.

    The file appears whole or not at all: a second process at the same moment reads a whole key.
    """
    content = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.link(unfinished, path)
    except FileExistsError as error:
        raise BadKey(f"{path} exists already; it is left as it is.") from error
    except OSError as error:
        raise BadKey(f"The key file {path} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def load_or_make_key(path: Path) -> Ed25519PrivateKey:
    """The key in the file, made at the first use."""
    if not path.exists():
        try:
            save_key(path, make_key())
        except BadKey:
            if not path.exists():
                raise
    return load_key(path)


def _raw(public: str) -> bytes:
    try:
        raw = base64.b64decode(public.removeprefix(PUBLIC_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey(f"“{public[:80]}” is no public key; it looks like ed25519:BASE64.") from error
    if not public.startswith(PUBLIC_PREFIX) or len(raw) != 32:
        raise BadKey(f"“{public[:80]}” is no public key; it looks like ed25519:BASE64.")
    return raw
