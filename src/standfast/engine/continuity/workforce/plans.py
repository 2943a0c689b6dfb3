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


def staff_plan(organisation: Organisation, group: str, using: tuple[str, ...] = ()) -> StaffPlan:
    """Work the plan out. Raises KeyError for a group that does not exist."""
    found = organisation.groups[group]
    cohorts = cohorts_of(found)
    usual = (place.location for place in (*found.places, *found.elsewhere))
    locations = [
        name for name in dict.fromkeys(usual) if any(name in cohort.locations for cohort in cohorts)
    ]
    spots = tuple(
        Spot(location, _uses(organisation, location, group, using)) for location in locations
    )
    return StaffPlan(group, using, found.heads, cohorts, spots)


def _uses(
    organisation: Organisation, location: str, group: str, using: tuple[str, ...]
) -> tuple[PathUse, ...] | None:
    here = [path for path in organisation.paths.values() if path.at == location]
    if not here and not using:
        return None
    return tuple(
        PathUse(path.name, seats_for(organisation, path, group))
        for path in here
        if _open_to(path, group) and _reaches(path, using)
    )


def _open_to(path: AccessPath, group: str) -> bool:
    return not path.groups or group in path.groups


def _reaches(path: AccessPath, using: tuple[str, ...]) -> bool:
    return not path.reaches or set(using) <= set(path.reaches)


def seats_for(organisation: Organisation, path: AccessPath, group: str) -> int | None:
    """The seats of a path that are allotted to a group, ahead of any trouble.

    First what is reserved for it; then its part of the others, in proportion to how many people of
    each group could come to need one.
    """
    if path.seats is None:
        return None
    reserved = {each.group: each.seats for each in path.reserved}
    demand = {
        name: max(0, _possible(organisation, path, name) - reserved.get(name, 0))
        for name in organisation.groups
        if _open_to(path, name)
    }
    free = shared(path.seats - sum(reserved.values()), list(demand.values()))
    mine = dict(zip(demand, free, strict=True)).get(group, 0)
    return reserved.get(group, 0) + mine


def _possible(organisation: Organisation, path: AccessPath, group: str) -> int:
    cohorts = cohorts_of(organisation.groups[group])
    return sum(cohort.heads for cohort in cohorts if path.at in cohort.locations)
