"""Open issues, and those that some tenants have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from pyroaring import BitMap

from standfast.engine.wire.statuspage.facts import Incident


class Mark(NamedTuple):
    """What of an open issue shows in the line of its service."""

    reference: bytes
    status: str
    start: datetime


@dataclass(frozen=True, slots=True, eq=False)
class OpenIssue:
    """One open issue with its text for lists, cut where the number of users belongs.

    `place` orders lists: incidents before advisories, the worst first; `age` puts the newest first.
    `users_of` gives the number of people of one of `tenants`. `incidents` are its Statuspage
    objects per language, with marks where the page's id and the tenant's slug belong.
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
    users_of: Callable[[int], int]
    head: bytes
    tail: bytes
    facts: Mapping[str, Incident]
    incidents: Mapping[str, bytes]
    mark: Mark = field(init=False)

    def __post_init__(self) -> None:
        # Wanted for thousands of groups.
        object.__setattr__(self, "mark", Mark(self.reference, self.status, self.start))


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Open issues in the order of lists, and those of each service, newest first."""

    listed: Sequence[OpenIssue]
    of_service: Mapping[int, Sequence[OpenIssue]]

    @property
    def newest(self) -> list[OpenIssue]:
        """All of them, newest first."""
        return sorted(self.listed, key=_AGE)


_AGE = attrgetter("age")


def make_group(listed: Sequence[OpenIssue]) -> Group:
    """The group of some issues, which are in the order of lists."""
    by_service: dict[int, list[OpenIssue]] = {}
    for each in listed:
        by_service.setdefault(each.service, []).append(each)
    for found in by_service.values():
        found.sort(key=_AGE)
    return Group(listed, by_service)
