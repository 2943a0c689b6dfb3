"""Who asks: live tokens by their public half, with a hash of the secret one."""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

# The digest, the token's id, its tenant's number, when it ends (seconds; 0 for never).
_ROW: Final = struct.Struct("<32sQIQ")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is, and when it ends (seconds; 0 for never)."""

    token: int
    tenant: int
    ends: int


class TokenTable:
    """Tokens of tenants' own programs, 60 bytes each: there may be a hundred thousand.

    `version` tells whether anything changed; what was found out before counts only as long as not.
    """

    def __init__(self) -> None:
        self.version = 0
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
        self.version += 1  # last, or a reader between could hold the old row for the new one

    def drop(self, token: int) -> None:
        """Forget a token."""
        key = self._prefixes.pop(token, None)
        if key is not None:
            self._rows.pop(key, None)
        self.version += 1

    def bearer(self, text: bytes, *, now: float) -> Bearer | None:
        """Whose token this is; None for any that is not known, or in doubt."""
        kind, _, rest = text.partition(b"_")
        prefix, _, secret = rest.partition(b"_")
        row = self._rows.get(prefix)
        if row is None or kind != b"sft":
            return None
        digest, token, tenant, end = _ROW.unpack(row)
        if not hmac.compare_digest(digest, hashlib.sha256(secret).digest()):
            return None
        if end and end <= now:
            return None
        return Bearer(token, tenant, end)


@dataclass(frozen=True, slots=True)
class TokenNews:
    """What changed among tokens: rows to put, ids to drop; `everything` replaces all."""

    put: Collection[Mapping[str, object]]
    drop: Collection[int] = ()
    everything: bool = False
