"""The keys of the backup site: one that signs, and those that may post when all else is gone."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from standfast.bundle.keys import check_public, load_or_make_key, public_text

PUBLISHING, EMERGENCY = "keys/publishing.pem", "keys/emergency.pem"


def publishing_key() -> Ed25519PrivateKey:
    """The key that signs, made at the first use. Raises BadKey."""
    return load_or_make_key(publishing_file())


def publishing_file() -> Path:
    """Where the key that signs is kept."""
    return Path(settings.STANDFAST_BACKUP_KEY_FILE or Path(settings.DATA_DIR, PUBLISHING))


def emergency_file() -> Path:
    """Where an emergency key is made when none is configured; its place is in a safe."""
    return Path(settings.DATA_DIR, EMERGENCY)


def emergency_keys() -> tuple[str, ...]:
    """The public halves of the keys that may post in an emergency. Raises BadKey."""
    if given := settings.STANDFAST_EMERGENCY_PUBLIC_KEYS:
        return tuple(check_public(key) for key in given)
    return (public_text(load_or_make_key(emergency_file())),)
