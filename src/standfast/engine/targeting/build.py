"""Building the arrays of an index from columns of components, placements and subscriptions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from pyroaring import BitMap

from standfast.engine.targeting.arrays import AnyArray, Ints
from standfast.engine.targeting.file import Column
from standfast.engine.targeting.intake import check_columns, check_placements
from standfast.engine.targeting.numbering import number
from standfast.engine.targeting.rollup import Rollup, roll_up
from standfast.engine.targeting.tables import BITMAP_FROM, ENTRIES, STRUCTURE, Tables


def build_tables(
    components: ArrayLike,
    edges: tuple[ArrayLike, ArrayLike],
    placements: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    subscriptions: tuple[ArrayLike, ArrayLike],
) -> Tables:
    """Build the arrays; see `PlacementIndex.build` for the columns and errors."""
    (listed,) = check_columns("components", ("component",), (components,))
    parents, children = check_columns("edges", ("parent", "child"), edges)
    rows = check_placements(placements)
    subscribed = check_columns("subscriptions", ("service", "tenant"), subscriptions)
    ids = np.unique(np.concatenate((listed, parents, children, rows.component)))
    layout = number(ids, np.searchsorted(ids, parents), np.searchsorted(ids, children))
    position = layout.position[np.searchsorted(ids, rows.component)]
    rollup = roll_up(layout, position, rows)
    by_position = np.full(ids.size + 1, -1, np.int64)
    by_position[layout.position] = ids
    bitmaps = _Bitmaps()
    order = np.lexsort((rows.service, position, rows.tenant))
    tenants = int(rows.tenant.max()) + 1 if rows.tenant.size else 0
    arrays: dict[str, AnyArray] = {
        "id": by_position,
        "by_id": layout.position,
        "parent": layout.parent,
        "last": layout.last,
        "link_parent": layout.links[0],
        "link_child": layout.links[1],
        "segment_first": np.searchsorted(rollup.position, np.arange(ids.size + 2)),
        "segment_service": rollup.service,
        "segment_begin": rollup.begin,
        "segment_count": rollup.count,
        "segment_total": rollup.total,
        **_segment_bitmaps(rollup, bitmaps),
        "tenant": rollup.tenants,
        "users": rollup.users,
        "row_first": np.searchsorted(rows.tenant[order], np.arange(tenants + 1)),
        "row_position": position[order],
        "row_service": rows.service[order],
        "row_users": rows.users[order],
        **_subscribers(subscribed[0], subscribed[1], bitmaps),
    }
    arrays["bitmaps"] = np.frombuffer(b"".join(bitmaps.parts), np.uint8)
    kinds = STRUCTURE | ENTRIES
    return Tables(
        {
            name: Column(name, array.astype(kinds[name], copy=False))
            for name, array in arrays.items()
        }
    )


class _Bitmaps:
    """Roaring bytes, one set after the other."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, tenants: AnyArray) -> tuple[int, int]:
        """Append a set; gives where its bytes begin and how many they are."""
        bitmap = BitMap(tenants.astype(np.uint32, copy=False))
        bitmap.run_optimize()
        self.parts.append(bitmap.serialize())
        begin, size = self.size, len(self.parts[-1])
        self.size += size
        return begin, size


def _segment_bitmaps(rollup: Rollup, bitmaps: _Bitmaps) -> dict[str, AnyArray]:
    begins = np.zeros(rollup.begin.size, np.int64)
    sizes = np.zeros(rollup.begin.size, np.int64)
    for segment in np.flatnonzero(rollup.count >= BITMAP_FROM).tolist():
        begin = int(rollup.begin[segment])
        entries = rollup.tenants[begin : begin + int(rollup.count[segment])]
        begins[segment], sizes[segment] = bitmaps.add(entries)
    return {"segment_bitmap": begins, "segment_bitmap_size": sizes}


def _subscribers(service: Ints, tenant: Ints, bitmaps: _Bitmaps) -> dict[str, AnyArray]:
    services = np.unique(service)
    begins = [bitmaps.add(np.unique(tenant[service == each]))[0] for each in services.tolist()]
    return {
        "subscribed_service": services,
        "subscribed_begin": np.array([*begins, bitmaps.size], np.int64),
    }
