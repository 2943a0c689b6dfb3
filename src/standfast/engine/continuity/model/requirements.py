"""What something needs in order to work: requirements, which nest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from standfast.engine.continuity.model.amounts import Amount


@dataclass(frozen=True, slots=True)
class Needs:
    """The named location, system, party or function must work."""

    element: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must work. Of nothing: always met."""

    parts: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough; the best one counts. No time passes until another part takes over."""

    parts: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of the parts must work."""

    amount: Amount
    parts: tuple[Requirement, ...]

    @property
    def k(self) -> int:
        """How many parts must work."""
        return self.amount.needed(len(self.parts))


@dataclass(frozen=True, slots=True)
class Staff:
    """So many people of a group must be able to work.

    `amount` is enough for full capacity. With `minimum` fewer will do for a part of it: from there
    on capacity is able / amount. `using`: only people count who have an access path to all of these
    systems (whether the systems work is another requirement).
    """

    group: str
    amount: Amount
    minimum: Amount | None = None
    using: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One fallback: `requirement` must be met, and then it gives `capacity` (0..1) of the normal.

    It is ready `activation` after the normal way stopped giving full capacity, and can be kept up
    for `lasts` from then on (None: as long as needed).
    """

    requirement: Requirement
    name: str = ""
    activation: timedelta = timedelta(0)
    capacity: float = 1.0
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The normal way, and what is done instead, in this order; the best that is ready counts."""

    primary: Requirement
    steps: tuple[Step, ...] = field(default=())


Requirement = Needs | AllOf | AnyOf | AtLeast | Staff | Fallbacks

NOTHING = AllOf()


def parts_of(requirement: Requirement) -> tuple[Requirement, ...]:
    """The requirements directly inside of this one, in order."""
    match requirement:
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            return parts
        case Fallbacks(primary, steps):
            return (primary, *(step.requirement for step in steps))
        case _:
            return ()


def walk(requirement: Requirement) -> Iterator[Requirement]:
    """The requirement and all inside of it, outer ones first."""
    stack = [requirement]
    while stack:
        found = stack.pop()
        yield found
        stack.extend(reversed(parts_of(found)))


def elements_of(requirement: Requirement) -> tuple[str, ...]:
    """The names that it refers to (a staffing names its group), each once, in order."""
    names: dict[str, None] = {}
    for found in walk(requirement):
        if isinstance(found, Needs):
            names[found.element] = None
        elif isinstance(found, Staff):
            names[found.group] = None
    return tuple(names)
