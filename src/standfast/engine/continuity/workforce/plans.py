"""What the count of able people of a group rests on, worked out once from the model."""

from __future__ import annotations

from dataclasses import dataclass

from standfast.engine.continuity.model.elements import AccessPath
from standfast.engine.continuity.model.organisation import Organisation
from standfast.engine.continuity.workforce.cohorts import Cohort, cohorts_of, shared


@dataclass(frozen=True, slots=True)
class PathUse:
    """An access path as one group may use it. `seats`: how many are theirs (None: no limit)."""

    path: str
    seats: int | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A location where people of the group may come to work, and their paths from there.

    `paths` None: nobody defined any, so being there is enough.
    """

    location: str
    paths: tuple[PathUse, ...] | None

    @property
    def limited(self) -> bool:
        """Whether seats may run out here."""
        return any(use.seats is not None for use in self.paths or ())


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """The people of a group who can work `using` some systems: cohorts, and spots by location."""

    group: str
    using: tuple[str, ...]
    heads: int
    cohorts: tuple[Cohort, ...]
    spots: tuple[Spot, ...]


class Workforce:
    """The people of an organisation; what several plans rest on is worked out once."""

    def __init__(self, organisation: Organisation) -> None:
        """Nothing is counted before it is asked for."""
        self._organisation = organisation
        self._cohorts: dict[str, tuple[Cohort, ...]] = {}
        self._allotted: dict[str, dict[str, int]] = {}
        self._paths: dict[str, list[AccessPath]] = {}
        for path in organisation.paths.values():
            self._paths.setdefault(path.at, []).append(path)

    def plan(self, group: str, using: tuple[str, ...] = ()) -> StaffPlan:
        """Work the plan out. Raises KeyError for a group that does not exist."""
        found = self._organisation.groups[group]
        cohorts = self.cohorts(group)
        there = {name for cohort in cohorts for name in cohort.locations}
        usual = (place.location for place in (*found.places, *found.elsewhere))
        spots = tuple(
            Spot(location, self._uses(location, group, using))
            for location in dict.fromkeys(usual)
            if location in there
        )
        return StaffPlan(group, using, found.heads, cohorts, spots)

    def cohorts(self, group: str) -> tuple[Cohort, ...]:
        """The cohorts of a group."""
        if group not in self._cohorts:
            self._cohorts[group] = cohorts_of(self._organisation.groups[group])
        return self._cohorts[group]

    def seats(self, path: AccessPath, group: str) -> int | None:
        """The seats of a path that are allotted to a group, ahead of any trouble.

        First what is reserved for it; then its part of the others, in proportion to how many people
        of each group could come to need one.
        """
        if path.seats is None:
            return None
        if path.name not in self._allotted:
            self._allotted[path.name] = self._allot(path, path.seats)
        return self._allotted[path.name].get(group, 0)

    def _uses(
        self, location: str, group: str, using: tuple[str, ...]
    ) -> tuple[PathUse, ...] | None:
        here = self._paths.get(location, [])
        if not here and not using:
            return None
        return tuple(
            PathUse(path.name, self.seats(path, group))
            for path in here
            if _open_to(path, group) and _reaches(path, using)
        )

    def _allot(self, path: AccessPath, seats: int) -> dict[str, int]:
        reserved = {each.group: each.seats for each in path.reserved}
        demand = {
            name: max(0, self._possible(path, name) - reserved.get(name, 0))
            for name in self._organisation.groups
            if _open_to(path, name)
        }
        free = shared(seats - sum(reserved.values()), list(demand.values()))
        mine = dict(zip(demand, free, strict=True))
        return {name: reserved.get(name, 0) + mine.get(name, 0) for name in {*reserved, *mine}}

    def _possible(self, path: AccessPath, group: str) -> int:
        return sum(each.heads for each in self.cohorts(group) if path.at in each.locations)


def _open_to(path: AccessPath, group: str) -> bool:
    return not path.groups or group in path.groups


def _reaches(path: AccessPath, using: tuple[str, ...]) -> bool:
    return not path.reaches or set(using) <= set(path.reaches)
