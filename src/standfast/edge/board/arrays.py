"""The arrays of a world, made from bitmaps; a new moment copies and changes those of the last."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from standfast.edge.board.bars import BAR_DAYS
from standfast.edge.board.world import Bits, Masks, Seconds
from standfast.engine.health.days import Span, touched
from standfast.engine.health.status import Status, is_resolved

#: Rows are as many bytes long as so many issues need, so that few changes make them longer.
SLOTS_AT_ONCE = 64
#: An audience with more than one in so many tenants is kept by their numbers.
DENSE = 16


@dataclass(frozen=True, slots=True)
class Ended:
    """An issue that is over, with everybody who was in it."""

    span: Span
    column: int
    changed: datetime
    tenants: BitMap


class Slots:
    """Which bit of the rows belongs to which open issue."""

    def __init__(self, tenants: int = 0) -> None:
        self._rows: Bits = np.zeros((tenants, SLOTS_AT_ONCE // 8), np.uint8)
        self._places: dict[int, tuple[int, BitMap]] = {}

    def follow(self, audiences: Mapping[int, BitMap], *, tenants: int) -> Bits:
        """The rows for these open issues; those whose bitmap is the same object stay."""
        rows = self._grown(len(audiences), tenants)
        for issue, (place, had) in list(self._places.items()):
            if audiences.get(issue) is not had:
                _clear(rows, place, had)
                del self._places[issue]
        taken = {place for place, _ in self._places.values()}
        free = (place for place in range(rows.shape[1] * 8) if place not in taken)
        for issue, has in audiences.items():
            if issue not in self._places:
                place = next(free)
                _set(rows, place, has)
                self._places[issue] = (place, has)
        self._rows = rows
        return rows

    def place_of(self, issue: int) -> int:
        """The bit of an issue that is followed."""
        return self._places[issue][0]

    def _grown(self, issues: int, tenants: int) -> Bits:
        """A copy with room for all."""
        needed = -(-issues // SLOTS_AT_ONCE) * (SLOTS_AT_ONCE // 8)
        height = max(tenants, self._rows.shape[0])
        width = max(needed, self._rows.shape[1])
        rows = np.zeros((height, width), np.uint8)
        rows[: self._rows.shape[0], : self._rows.shape[1]] = self._rows
        return rows


def _clear(rows: Bits, place: int, tenants: BitMap) -> None:
    rows[_within(tenants, len(rows)), place >> 3] &= np.uint8(255 ^ (1 << (place & 7)))


def _set(rows: Bits, place: int, tenants: BitMap) -> None:
    rows[_within(tenants, len(rows)), place >> 3] |= np.uint8(1 << (place & 7))


def _within(tenants: BitMap, count: int) -> NDArray[np.int64]:
    found = np.asarray(tenants.to_array(), np.int64)
    return found if not len(found) or found[-1] < count else found[found < count]


def users_of(tenants: BitMap, users: NDArray[np.int64]) -> Callable[[int], int]:
    """What gives the number of people of one of these tenants; `users` are in ascending order.

    Where many tenants are meant, they are found by their numbers: counting those before one of them
    goes through kilobytes of a bitmap.
    """
    small = users.astype(np.min_scalar_type(int(users.max(initial=0))))
    if not tenants or tenants.max() >= DENSE * len(tenants):
        listed, rank = _quick(small), tenants.rank
        return lambda tenant: listed[rank(tenant) - 1]
    by_number = np.zeros(tenants.max() + 1, small.dtype)
    by_number[np.asarray(tenants.to_array(), np.int64)] = small
    return _quick(by_number).__getitem__


def _quick(numbers: NDArray[np.unsignedinteger]) -> array[int]:
    """The same numbers where Python reads one of them fastest."""
    return array(numbers.dtype.char, numbers.tobytes())


def history(
    ended: Iterable[Ended], *, today: date, tenants: int, columns: int
) -> tuple[Masks, Seconds, BitMap]:
    """Masks of days and newest changes per tenant and column, and the tenants left out of both."""
    past = np.zeros((tenants, max(columns, 1)), np.uint64)
    changed = np.zeros((tenants, max(columns, 1)), np.uint32)
    unsure = BitMap()
    for each in ended:
        span = each.span
        if not is_resolved(span.status):
            unsure |= each.tenants
            continue
        within = _within(each.tenants, tenants)
        second = np.uint32(int(each.changed.timestamp()))
        changed[within, each.column] = np.maximum(changed[within, each.column], second)
        if span.status == Status.FALSE_POSITIVE:
            continue
        days = sum(1 << place for place in touched(span, today=today, days=BAR_DAYS))
        if days:
            shift = 32 if span.classification == "advisory" else 0
            past[within, each.column] |= np.uint64(days << shift)
    return past, changed, unsure
