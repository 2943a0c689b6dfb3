"""Everything that tenants may be told at one moment; made anew when something changes.

A row of bits per tenant says which open issues are its own, so tenants with equal rows share all
their work; masks of days per tenant and service say what its history looks like. All arrays are
read by the event loop while the next world is made, so none is ever changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from standfast.engine.wire.statuspage.facts import Component, Incident, Maintenance

Bits: TypeAlias = NDArray[np.uint8]
Masks: TypeAlias = NDArray[np.uint64]
Seconds: TypeAlias = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class OpenIssue:
    """One open issue with its text for lists, cut where the number of users belongs.

    `place` orders lists: incidents before advisories, the worst first; `age` puts the newest first.
    `users` are those of the tenants in ascending order. `incidents` are its Statuspage objects per
    language, with marks where the page's id and the tenant's slug belong.
    """

    issue_id: int
    place: tuple[float, ...]
    age: tuple[float, int]
    service: int
    reference: bytes
    status: str
    start: datetime
    next_update_by: datetime | None
    tenants: BitMap
    users: memoryview
    head: bytes
    tail: bytes
    facts: Mapping[str, Incident]
    incidents: Mapping[str, bytes]

    def users_of(self, tenant: int) -> int:
        """How many of the tenant's people are counted in; the tenant must be in the audience."""
        found: int = self.users[self.tenants.rank(tenant) - 1]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """One planned maintenance."""

    tenants: BitMap
    facts: Mapping[str, Maintenance]
    texts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A service: its column in the arrays, its text for lists, its component per language."""

    column: int
    key: bytes
    name: bytes
    components: Mapping[str, Component]


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant that has a live token. `services` are the ids of those it uses, in their order."""

    number: int
    slug: str
    name: str
    language: str
    since: datetime
    services: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One moment.

    `rows[tenant]` has a bit for each of `issues` (None: no issue there now); `past[tenant, column]`
    the days that ended incidents (low half) and advisories (high half) touched;
    `changed[tenant, column]` the second at which the newest of them was last changed.
    `unsure` are tenants whose history these arrays cannot tell.
    """

    today: date
    issues: Sequence[OpenIssue | None]
    rows: Bits
    past: Masks
    changed: Seconds
    unsure: BitMap
    works: Sequence[Work]
    lines: Mapping[int, Line]
    tenants: Mapping[int, Tenant]
    day_texts: Sequence[Mapping[str, bytes]]
    listed: tuple[OpenIssue, ...] = field(init=False)
    order: NDArray[np.intp] = field(init=False)
    groups: dict[bytes, Group] = field(default_factory=dict)
    kept_days: dict[object, tuple[bytes, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = [place for place, issue in enumerate(self.issues) if issue is not None]
        pairs = [(issue, place) for place in places if (issue := self.issues[place])]
        pairs.sort(key=lambda pair: pair[0].place)
        object.__setattr__(self, "listed", tuple(issue for issue, _ in pairs))
        object.__setattr__(self, "order", np.array([place for _, place in pairs], np.intp))

    def group_of(self, tenant: int) -> Group:
        """The open issues of a tenant, shared with all that have the same."""
        row = self.rows[tenant].tobytes()
        group = self.groups.get(row)
        if group is None:
            bits = np.unpackbits(self.rows[tenant], bitorder="little")
            places = np.flatnonzero(bits[self.order]).tolist()
            group = make_group([self.listed[place] for place in places])
            if len(self.groups) >= MOST_GROUPS:
                self.groups.clear()
            self.groups[row] = group
        return group


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Open issues that some tenants have in common, in the order of lists; and those of each
    service, newest first.
    """

    listed: Sequence[OpenIssue]
    of_service: Mapping[int, Sequence[OpenIssue]]

    @property
    def newest(self) -> list[OpenIssue]:
        """All of them, newest first."""
        return sorted(self.listed, key=_AGE)

    @property
    def next_update_by(self) -> datetime | None:
        """The first of the next updates that were promised."""
        due = (each.next_update_by for each in self.listed if each.next_update_by)
        return min(due, default=None)


MOST_GROUPS = 20_000
_AGE = attrgetter("age")


def make_group(listed: Sequence[OpenIssue]) -> Group:
    """The group of some issues, which are in the order of lists."""
    by_service: dict[int, list[OpenIssue]] = {}
    for each in listed:
        by_service.setdefault(each.service, []).append(each)
    for found in by_service.values():
        found.sort(key=_AGE)
    return Group(listed, by_service)
