"""Secrets at rest: sealed with a key derived from SECRET_KEY, so a stolen database tells nothing.

`SECRET_KEY_FALLBACKS` still open what older keys sealed; new texts are sealed with the first key.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotUnseal(ValueError):
    """The text was sealed with a key that is no longer known, or was changed."""


def seal(text: str) -> str:
    """Return `text` encrypted and signed, as ASCII."""
    return _box().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return what `seal` was given. Raises CannotUnseal."""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise CannotUnseal(
            "A stored secret cannot be read: restore STANDFAST_SECRET_KEY, or enter it again."
        ) from error


def _box() -> MultiFernet:
    return _made((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _made(keys: tuple[str | bytes, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    material = key.encode() if isinstance(key, str) else key
    digest = hashlib.sha256(b"standfast sealed secrets\0" + material).digest()
    return base64.urlsafe_b64encode(digest)
