"""What a primary and its alternatives share: one failure, or one event, that takes them all.

For every requirement the elements are worked out whose failure alone leaves it unmet (bits of whole
numbers, so that thousands of elements are a few operations). What is in the set of every part of an
alternative is shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from standfast.engine.continuity.checks.finding import Finding, Sentence, Severity, listed
from standfast.engine.continuity.checks.order import needed_first
from standfast.engine.continuity.model import (
    AllOf,
    AnyOf,
    Aspect,
    AtLeast,
    Element,
    Fallbacks,
    Function,
    Group,
    Location,
    Needs,
    Organisation,
    Party,
    Requirement,
    Staff,
    System,
    needs_of,
    walk,
)


@dataclass(frozen=True, slots=True)
class Weak:
    """For each element and requirement: the elements that stop it alone, as bits."""

    names: tuple[str, ...]
    of: dict[str, int]

    def spelled(self, bits: int) -> list[str]:
        """The names of these elements."""
        found = []
        while bits:
            lowest = bits & -bits
            found.append(self.names[lowest.bit_length() - 1])
            bits ^= lowest
        return found

    def requirement(self, requirement: Requirement) -> int:
        """The elements whose failure alone leaves this requirement unmet."""
        match requirement:
            case Needs(name) | Staff(name):
                return self.of.get(name, 0)
            case AllOf(parts):
                found = 0
                for part in parts:
                    found |= self.requirement(part)
                return found
            case AnyOf(parts):
                return _at_least(len(parts), [self.requirement(part) for part in parts])
            case AtLeast(_, parts):
                masks = [self.requirement(part) for part in parts]
                return _at_least(len(parts) - requirement.k + 1, masks)
            case Fallbacks(primary, steps):
                masks = [self.requirement(primary)]
                masks += [self.requirement(step.requirement) for step in steps]
                return _at_least(len(masks), masks)


def _at_least(number: int, masks: Sequence[int]) -> int:
    """The bits that are set in so many of the masks."""
    reached = [-1] + [0] * max(number, 0)
    for mask in masks:
        for place in range(len(reached) - 1, 0, -1):
            reached[place] |= reached[place - 1] & mask
    return reached[-1] if number > 0 else 0


def weak_points(organisation: Organisation) -> Weak:
    """Work out for every element what stops it alone, around circles of needs as well."""
    elements = list(organisation.elements())
    weak = Weak(tuple(element.name for element in elements), {})
    for number, element in enumerate(elements):
        weak.of[element.name] = 1 << number
    order = needed_first(organisation)
    changed = True
    while changed:
        changed = False
        for element in order:
            more = weak.of[element.name] | weak.requirement(needs_of(element))
            if more != weak.of[element.name]:
                weak.of[element.name] = more
                changed = True
    return weak


TABLES: dict[type, str] = {
    Group: "groups",
    Location: "locations",
    System: "systems",
    Party: "parties",
    Function: "functions",
}


def check_alternatives(organisation: Organisation) -> Iterator[Finding]:
    """Yield every alternative that does not help against what takes the primary."""
    weak = weak_points(organisation)
    for element in organisation.elements():
        for requirement in walk(needs_of(element)):
            parts = _parts(requirement)
            if len(parts) > 1:
                yield from _shared(element, parts, weak, organisation)


def _parts(requirement: Requirement) -> list[Requirement]:
    match requirement:
        case AnyOf(parts):
            return list(parts)
        case Fallbacks(primary, steps):
            return [primary, *(step.requirement for step in steps)]
        case _:
            return []


def _shared(
    element: Element, parts: list[Requirement], weak: Weak, organisation: Organisation
) -> Iterator[Finding]:
    place = f"{TABLES[type(element)]}.{element.name}.needs"
    masks = [weak.requirement(part) for part in parts]
    # What an alternative needs nothing for cannot be shared.
    every = _at_least(len(masks), masks)
    if every:
        names = weak.spelled(every)
        yield Finding(
            "alternatives-share",
            Severity.RISK,
            place,
            Sentence(
                "All alternatives of “{element}” stop with {shared}.",
                {"element": element.name, "shared": listed(names)},
            ),
            Sentence("Choose an alternative that does not rest on it."),
            (element.name, *names),
        )
    for number, other in enumerate(masks[1:], start=1):
        both = masks[0] & other & ~every
        if both and other:
            names = weak.spelled(both)
            yield Finding(
                "alternative-shares-with-primary",
                Severity.HINT,
                place,
                Sentence(
                    "Alternative {number} of “{element}” stops with {shared}, as the normal way.",
                    {"number": str(number), "element": element.name, "shared": listed(names)},
                ),
                Sentence("Count on it only for what leaves these alone."),
                (element.name, *names),
            )
    yield from _common_causes(element, place, masks, weak, organisation)


def _common_causes(
    element: Element, place: str, masks: list[int], weak: Weak, organisation: Organisation
) -> Iterator[Finding]:
    """Events that surely hit something of every alternative, none of which is the same."""
    number_of = {name: number for number, name in enumerate(weak.names)}
    every = _at_least(len(masks), masks)
    for event in organisation.events.values():
        hit = 0
        for effect in event.effects:
            whole = effect.certain and effect.share >= 1.0 and effect.aspect is Aspect.WHOLE
            if whole and effect.target in number_of:
                hit |= 1 << number_of[effect.target]
        if hit & every or not all(mask & hit for mask in masks):
            continue
        touched = weak.spelled(hit & _at_least(1, masks))
        yield Finding(
            "common-cause",
            Severity.RISK,
            place,
            Sentence(
                "The event “{event}” takes all alternatives of “{element}” at once: {touched}.",
                {"event": event.name, "element": element.name, "touched": listed(touched)},
            ),
            Sentence("Choose an alternative with a different risk, such as another place."),
            (element.name, event.name, *touched),
        )
