"""Keys that make a repeated delivery recognisable."""

from __future__ import annotations

import re
from typing import Final

LONGEST_KEY: Final = 80
_PART: Final = re.compile(r"[A-Za-z0-9_]+", re.ASCII)


def idempotency_key(post_id: int | str, subscription_id: int | str, channel: str) -> str:
    """The key of one delivery: the same for every try, different for any other delivery.

    Texts (“n17” for a notice without a post) have letters, digits and underscores only. Raises
    ValueError otherwise, and when the key would be longer than 80 characters.
    """
    parts = [str(post_id), str(subscription_id), channel]
    for part in parts:
        if not _PART.fullmatch(part):
            raise ValueError(f"“{part}” cannot be part of a key: use letters, digits and “_”.")
    key = "-".join(parts)
    if len(key) > LONGEST_KEY:
        raise ValueError(f"The key “{key[:LONGEST_KEY]}…” is longer than {LONGEST_KEY} characters.")
    return key
