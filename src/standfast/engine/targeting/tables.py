"""The arrays of a built index, in memory or mapped, and the look-ups that they answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from pyroaring import BitMap

from standfast.engine.targeting.arrays import AnyArray, Ints, Numbers, ints
from standfast.engine.targeting.errors import IndexFileError
from standfast.engine.targeting.file import Column
from standfast.engine.targeting.rollup import ALL_SERVICES

STRUCTURE = {
    "id": "<i4",  # by position; -1 for the root above all roots
    "by_id": "<i4",  # positions 1.. in ascending order of id
    "parent": "<i4",  # by position, spanning tree
    "last": "<i4",  # by position: last position of the subtree
    "link_parent": "<i4",  # edges outside the spanning tree, by parent
    "link_child": "<i4",
    "segment_first": "<i4",  # by position, and one more
    "segment_service": "<i4",
    "segment_begin": "<i8",
    "segment_count": "<i4",
    "segment_total": "<i8",
    "segment_bitmap": "<i8",  # where its Roaring bytes begin, and how many: 0 for none
    "segment_bitmap_size": "<i4",
    "subscribed_service": "<i4",
    "subscribed_begin": "<i8",  # into `bitmaps`, and one more
}
"""Columns by component, segment or service: few bytes each, checked when the index is opened."""

ENTRIES = {
    "tenant": "<u4",  # rolled up: the entries of the segments
    "users": "<u4",
    "bitmaps": "|u1",
    "row_first": "<i8",  # by tenant, and one more: its own placement rows
    "row_position": "<i4",
    "row_service": "<i4",
    "row_users": "<u4",
}
"""Columns by tenant and placement: checked where they are read."""

BITMAP_FROM = 256
"""Segments with fewer tenants carry no Roaring bytes: making the set from the array is as fast."""


class Tables:
    """Look-ups on the arrays named in `STRUCTURE` and `ENTRIES`; never changes."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        missing = [name for name in [*STRUCTURE, *ENTRIES] if name not in columns]
        if missing:
            raise IndexFileError(f"placement index: no {missing[0]} in the file; build it anew")
        self._columns = columns
        self.id: AnyArray = columns["id"].all()
        self.parent: AnyArray = columns["parent"].all()
        self.last: AnyArray = columns["last"].all()
        self.links: tuple[Ints, Ints] = (
            ints(columns["link_parent"].all()),
            ints(columns["link_child"].all()),
        )
        self._by_id = columns["by_id"].all()
        self._first = columns["segment_first"].all()
        self._service = columns["segment_service"].all()
        self._begin = columns["segment_begin"].all()
        self._count = columns["segment_count"].all()
        self._total = columns["segment_total"].all()
        self._bitmap = columns["segment_bitmap"].all()
        self._bitmap_size = columns["segment_bitmap_size"].all()
        self._subscribed = columns["subscribed_service"].all()
        self._subscribed_begin = columns["subscribed_begin"].all()

    @property
    def size(self) -> int:
        """Number of positions, the root above all roots included."""
        return len(self.id)

    @property
    def tenants(self) -> int:
        """One more than the largest placed tenant number."""
        return len(self._columns["row_first"]) - 1

    def arrays(self) -> dict[str, AnyArray]:
        """Give every column, for writing. Raises IndexFileError for damage."""
        return {name: self._columns[name].all() for name in [*STRUCTURE, *ENTRIES]}

    def position(self, component: int) -> int | None:
        """Give the position of a component id, or None."""
        order = self._by_id
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            if self.id[order[middle]] < component:
                low = middle + 1
            else:
                high = middle
        found = low < len(order) and self.id[order[low]] == component
        return int(order[low]) if found else None

    def segments(self, position: int, services: frozenset[int]) -> list[int]:
        """List the segments that sum the tree below a position for services (empty: all)."""
        first, stop = int(self._first[position]), int(self._first[position + 1])
        if not services:
            return list(range(first, min(first + 1, stop)))
        return [s for s in range(first, stop) if int(self._service[s]) in services]

    def services(self, position: int) -> list[int]:
        """List the services with users anywhere in the tree below a position, ascending."""
        found = self._service[self._first[position] : self._first[position + 1]].tolist()
        return [service for service in found if service != ALL_SERVICES]

    def entries(self, segment: int) -> tuple[Numbers, Numbers]:
        """Give the tenants (ascending) and users of a segment, without copying."""
        begin = int(self._begin[segment])
        end = begin + int(self._count[segment])
        return self._columns["tenant"].read(begin, end), self._columns["users"].read(begin, end)

    def count(self, segment: int) -> int:
        """Give the number of tenants of a segment."""
        return int(self._count[segment])

    def total(self, segment: int) -> int:
        """Give the number of users of a segment."""
        return int(self._total[segment])

    def bitmap(self, segment: int) -> BitMap:
        """Give the tenants of a segment as a new set."""
        begin, size = int(self._bitmap[segment]), int(self._bitmap_size[segment])
        return self._set(begin, begin + size) if size else BitMap(self.entries(segment)[0])

    def rows(self, tenant: int) -> tuple[AnyArray, AnyArray, AnyArray]:
        """Give a tenant's own placement rows: positions, services and users, by position."""
        if tenant >= self.tenants:
            begin = end = 0
        else:
            begin, end = self._columns["row_first"].read(tenant, tenant + 2).tolist()
        names = ("row_position", "row_service", "row_users")
        position, service, users = (self._columns[name].read(begin, end) for name in names)
        return position, service, users

    def all_rows(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Give every placement row: positions, tenants, services, users."""
        first = self._columns["row_first"].all()
        tenants = np.repeat(np.arange(self.tenants, dtype=np.int64), np.diff(first))
        names = ("row_position", "row_service", "row_users")
        position, service, users = (ints(self._columns[name].all()) for name in names)
        return position, tenants, service, users

    def subscribed_services(self) -> list[int]:
        """List the services that somebody subscribes to, ascending."""
        services: list[int] = self._subscribed.tolist()
        return services

    def subscribers(self, service: int) -> BitMap:
        """Give the tenants subscribed to a service as a new set."""
        at = int(np.searchsorted(self._subscribed, service))
        if at == len(self._subscribed) or self._subscribed[at] != service:
            return BitMap()
        return self._set(*self._subscribed_begin[at : at + 2].tolist())

    def _set(self, begin: int, end: int) -> BitMap:
        return BitMap.deserialize(self._columns["bitmaps"].read(begin, end).tobytes())
