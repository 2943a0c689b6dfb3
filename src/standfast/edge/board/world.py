"""Everything that tenants may be told at one moment; made anew when something changes.

A row of bits per tenant says which open issues are its own, so tenants with equal rows share all
their work; masks of days per tenant and service say what its history looks like. All arrays are
read by the event loop while the next world is made, so none is ever changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from standfast.edge.board.issues import Group, OpenIssue, make_group
from standfast.edge.board.lines import Line, LineStore
from standfast.edge.board.template import Template
from standfast.engine.wire.statuspage.facts import Maintenance

Bits: TypeAlias = NDArray[np.uint8]
Masks: TypeAlias = NDArray[np.uint64]
Seconds: TypeAlias = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """One planned maintenance."""

    tenants: BitMap
    facts: Mapping[str, Maintenance]
    texts: Mapping[str, bytes]


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
    `store` keeps written lines of services from world to world.
    """

    issues: Sequence[OpenIssue | None]
    rows: Bits
    past: Masks
    changed: Seconds
    unsure: BitMap
    works: Sequence[Work]
    lines: Mapping[int, Line]
    tenants: Mapping[int, Tenant]
    store: LineStore
    listed: tuple[OpenIssue, ...] = field(init=False)
    order: Sequence[int] = field(init=False)
    groups: dict[bytes, Group] = field(default_factory=dict)
    templates: dict[bytes, Template] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = [place for place, issue in enumerate(self.issues) if issue is not None]
        pairs = [(issue, place) for place in places if (issue := self.issues[place])]
        pairs.sort(key=lambda pair: pair[0].place)
        object.__setattr__(self, "listed", tuple(issue for issue, _ in pairs))
        order = [0] * len(self.issues)  # bit → place in lists
        for listed_at, (_, place) in enumerate(pairs):
            order[place] = listed_at
        object.__setattr__(self, "order", order)

    def is_named(self, tenant: int, slug: bytes) -> bool:
        """Whether this is the short name of the tenant with this number."""
        found = self.tenants.get(tenant)
        return found is not None and found.slug.encode() == slug

    def dashboard_of(self, tenant: Tenant) -> list[bytes]:
        """What `GET /api/v1/health` answers, byte for byte, in pieces."""
        row = self.rows[tenant.number].tobytes()
        template = self.templates.get(row)
        if template is None:
            template = self.templates[row] = Template(self.group_of(tenant.number), self.store)
        past = self.past[tenant.number].tolist()
        return template.filled(tenant.number, self.store.columns_of(tenant.services), past)

    def group_of(self, tenant: int) -> Group:
        """The open issues of a tenant, shared with all that have the same."""
        row = self.rows[tenant].tobytes()
        group = self.groups.get(row)
        if group is None:
            group = make_group([self.listed[place] for place in self._places_in_lists(row)])
            if len(self.groups) >= MOST_GROUPS:
                self.groups.clear()
                self.templates.clear()
            self.groups[row] = group
        return group

    def _places_in_lists(self, row: bytes) -> list[int]:
        bits, found = int.from_bytes(row, "little"), []
        while bits:
            lowest = bits & -bits
            found.append(self.order[lowest.bit_length() - 1])
            bits ^= lowest
        return sorted(found)


MOST_GROUPS = 20_000
