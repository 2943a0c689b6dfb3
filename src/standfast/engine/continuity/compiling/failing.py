"""When an element or a requirement gives less than some capacity, as a formula.

Keys name such questions: (element, capacity) or a count of people. A formula may refer to other
keys by variables; `unfolding` puts them in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from standfast.engine.continuity.compiling.formula import ALWAYS, Formulas
from standfast.engine.continuity.compiling.losses import Losses, Target
from standfast.engine.continuity.model.elements import Group
from standfast.engine.continuity.model.events import Aspect
from standfast.engine.continuity.model.functions import Function
from standfast.engine.continuity.model.organisation import Organisation, needs_of
from standfast.engine.continuity.model.requirements import (
    AllOf,
    AnyOf,
    AtLeast,
    Fallbacks,
    Needs,
    Requirement,
    Staff,
    Step,
)
from standfast.engine.continuity.workforce import HEAD, UNIT, Workforce, in_units, part


class ElementKey(NamedTuple):
    """Does the element give less than `least` units?"""

    element: str
    least: int


class StaffKey(NamedTuple):
    """Can fewer than `people` (thousandths) of the group work?"""

    group: str
    using: tuple[str, ...]
    people: int


Key = ElementKey | StaffKey


class Failing:
    """Writes formulas for keys; notes which keys each refers to."""

    def __init__(
        self, organisation: Organisation, formulas: Formulas, losses: Losses, after: float | None
    ) -> None:
        """`after`: seconds since everything failed at once; decides which fallbacks are ready."""
        self.organisation, self.formulas, self.losses = organisation, formulas, losses
        self.after = after
        self.workforce = Workforce(organisation)
        self.keys: dict[int, Key] = {}  # variables that stand for keys

    def refer(self, key: Key) -> int:
        """The variable that stands for a key."""
        number = self.formulas.variable("\0" + "\0".join(str(each) for each in key))
        self.keys[number] = key
        return number

    def element(self, key: ElementKey) -> int:
        """The formula of an element."""
        element = self.organisation.element(key.element)
        assert element is not None
        if isinstance(element, Function):
            least = max(key.least, in_units(element.minimum_capacity))
            own = self.losses.fails([(element.name, Aspect.WHOLE)], UNIT - least + 1)
            return self.formulas.any([own, self.need(element.needs, least)])
        own = self.losses.fails([(element.name, Aspect.WHOLE)], UNIT - key.least + 1)
        parts = [self.leaf(element.name), own]
        if not isinstance(element, Group):
            parts.append(self.need(needs_of(element), 1))
        return self.formulas.any(parts)

    def leaf(self, name: str) -> int:
        """The element failing by itself; certain when all of it is gone already."""
        gone = self.losses.fails([(name, Aspect.WHOLE)], UNIT)
        return ALWAYS if gone == ALWAYS else self.formulas.variable(name)

    def need(self, need: Requirement, least: int) -> int:
        """When a requirement gives less than `least`."""
        match need:
            case Needs(element):
                return self.refer(ElementKey(element, least))
            case AllOf(parts):
                return self.formulas.any([self.need(each, least) for each in parts])
            case AnyOf(parts):
                return self.formulas.all([self.need(each, least) for each in parts])
            case AtLeast(_, parts):
                failing = [(self.need(each, least), 1) for each in parts]
                return self.formulas.at_least(len(parts) - need.k + 1, failing)
            case Fallbacks(primary, steps):
                ways = [self.need(primary, least)]
                ways += [self._step(step, least) for step in steps if self._ready(step)]
                return self.formulas.all(ways)
            case Staff():
                return self._staff(need, least)

    def _ready(self, step: Step) -> bool:
        if self.after is None:
            return True
        start = step.activation.total_seconds()
        return start <= self.after and (
            step.lasts is None or self.after < start + step.lasts.total_seconds()
        )

    def _step(self, step: Step, least: int) -> int:
        needed = -(-least * UNIT // in_units(step.capacity))
        return ALWAYS if needed > UNIT else self.need(step.requirement, needed)

    def _staff(self, need: Staff, least: int) -> int:
        heads = self.organisation.groups[need.group].heads
        enough = need.amount.needed(heads) * HEAD
        minimum = need.minimum.needed(heads) * HEAD if need.minimum is not None else enough
        people = min(enough, max(minimum, -(-least * enough // UNIT)))
        return self.refer(StaffKey(need.group, tuple(sorted(need.using)), people))

    def levels(self, need: Requirement) -> set[int]:
        """The capacities that a requirement of an access path can have, and perhaps a few more."""
        match need:
            case Needs(element):
                return {UNIT - lost for lost in self.losses.levels([(element, Aspect.WHOLE)])}
            case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
                return {UNIT}.union(*(self.levels(each) for each in parts))
            case Fallbacks(primary, steps):
                found = self.levels(primary)
                for step in steps:
                    capacity = in_units(step.capacity)
                    found |= {part(each, capacity) for each in self.levels(step.requirement)}
                return found
            case Staff():
                raise AssertionError("an access path does not need people")

    def entry_targets(self, location: str) -> Iterator[Target]:
        """The entries that people pass to get into a location."""
        while location:
            yield location, Aspect.ENTRY
            location = self.organisation.locations[location].within
