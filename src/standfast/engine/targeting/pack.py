"""Storing an audience as compact bytes: Roaring for the tenants, squeezed columns for the users."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from standfast.engine.targeting.arrays import Ints, ints
from standfast.engine.targeting.audience import Audience
from standfast.engine.targeting.errors import TargetingError

_HEAD = struct.Struct("<4sI")  # magic, CRC of all that follows
_SIZES = struct.Struct("<BI")  # bytes for each user count, bytes of the set
_MAGIC = b"SFA1"


@dataclass(frozen=True)
class StoredAudience:
    """An audience read back: `tenants` as a set, `users` in the order of ascending tenants."""

    tenants: BitMap
    users: Ints

    def users_by_tenant(self) -> tuple[Ints, Ints]:
        """Give tenants (ascending) and users of each: two arrays of equal shape."""
        return ints(self.tenants.to_array()), self.users

    @property
    def total_users(self) -> int:
        """The users of all tenants together."""
        return int(self.users.sum())


def pack_audience(audience: Audience | StoredAudience) -> bytes:
    """Give an audience as bytes; its tenants are in Roaring's portable format."""
    tenants = audience.tenants.copy()
    tenants.run_optimize()
    members = tenants.serialize()
    users = audience.users_by_tenant()[1]
    kind = np.min_scalar_type(int(users.max(initial=0)))
    # Bytes of equal weight side by side: the high ones are nearly all 0 and squeeze to nothing.
    planes = np.ascontiguousarray(users.astype(kind.newbyteorder("<"))).view(np.uint8)
    squeezed = zlib.compress(planes.reshape(-1, kind.itemsize).T.tobytes(), 6)
    body = _SIZES.pack(kind.itemsize, len(members)) + members + squeezed
    return _HEAD.pack(_MAGIC, zlib.crc32(body)) + body


def unpack_audience(data: bytes) -> StoredAudience:
    """Read what `pack_audience` wrote. Raises TargetingError for anything else."""
    if len(data) < _HEAD.size + _SIZES.size or not data.startswith(_MAGIC):
        raise TargetingError("audience: these bytes are not a stored audience")
    body = memoryview(data)[_HEAD.size :]
    if zlib.crc32(body) != _HEAD.unpack_from(data)[1]:
        raise TargetingError("audience: the stored bytes are damaged")
    size, length = _SIZES.unpack_from(body)
    members, squeezed = body[_SIZES.size :][:length], body[_SIZES.size + length :]
    planes = np.frombuffer(zlib.decompress(squeezed), np.uint8).reshape(size, -1)
    users = np.ascontiguousarray(planes.T).view(f"<u{size}").ravel()
    return StoredAudience(BitMap.deserialize(bytes(members)), ints(users))
