"""Who asks: live tokens by their public half, with a hash of the secret one."""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import Final

# The digest, the token's id, its tenant's number, when it ends (seconds; 0 for never).
_ROW: Final = struct.Struct("<32sQIQ")
#: How every token begins.
BEGINNING: Final = b"sft_"
#: So many tokens are remembered with their bearers, some 200 bytes each.
MOST_SEEN: Final = 200_000


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is, and when it ends (seconds; 0 for never)."""

    token: int
    tenant: int
    ends: int


class TokenTable:
    """Tokens of tenants' own programs, 60 bytes each: there may be a hundred thousand.

    Whose token it is is remembered for those that asked since anything changed. One thread changes,
    another asks.
    """

    def __init__(self) -> None:
        self._seen: dict[bytes, Bearer] = {}
        self._rows: dict[bytes, bytes] = {}
        self._prefixes: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, *, token: int, prefix: str, digest: str, tenant: int, ends: float | None) -> None:
        """Know a token; `digest` is the hexadecimal SHA-256 of its secret half."""
        key = prefix.encode()
        end = int(ends) if ends is not None else 0
        self._rows[key] = _ROW.pack(bytes.fromhex(digest), token, tenant, end)
        self._prefixes[token] = key
        self._forget()

    def drop(self, token: int) -> None:
        """Forget a token."""
        key = self._prefixes.pop(token, None)
        if key is not None:
            self._rows.pop(key, None)
        self._forget()

    def bearer(self, text: bytes, *, now: float) -> Bearer | None:
        """Whose token this is; None for any that is not known, or in doubt."""
        seen = self._seen
        bearer = seen.get(text)
        if bearer is None:
            bearer = self._found(text)
            if bearer is None:
                return None
            if len(seen) >= MOST_SEEN:
                seen.clear()
            seen[text] = bearer
        return None if 0 < bearer.ends <= now else bearer

    def _found(self, text: bytes) -> Bearer | None:
        prefix, _, secret = text.removeprefix(BEGINNING).partition(b"_")
        row = self._rows.get(prefix)
        if row is None or not text.startswith(BEGINNING):
            return None
        digest, token, tenant, end = _ROW.unpack(row)
        if not hmac.compare_digest(digest, hashlib.sha256(secret).digest()):
            return None
        return Bearer(token, tenant, end)

    def _forget(self) -> None:
        # Last, and as a whole: a reader that has just read the old row notes it in what is gone.
        self._seen = {}
