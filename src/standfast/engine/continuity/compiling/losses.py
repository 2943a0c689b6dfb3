"""What takes parts of an element: its own failure, events, and what is down already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from standfast.engine.continuity.compiling.formula import ALWAYS, Formulas
from standfast.engine.continuity.model.events import Aspect, Event
from standfast.engine.continuity.workforce import UNIT, in_units

Target = tuple[str, Aspect]


class Depends(StrEnum):
    """What becomes of effects that are not certain."""

    WORST = "worst"  # they happen
    BEST = "best"  # they do not
    LEAF = "leaf"  # each is a leaf of its own, with its probability


class Losses:
    """Which leaves take how much of which target, in units."""

    def __init__(
        self,
        formulas: Formulas,
        events: Iterable[Event],
        lost: Mapping[Target, int],
        depends: Depends,
    ) -> None:
        """`lost`: what is gone already."""
        self._formulas = formulas
        self._lost = lost
        self.conditions: dict[str, float | None] = {}
        self._taken: dict[Target, Counter[int]] = {}
        for event in events:
            leaf = formulas.variable(event.name)
            for effect in event.effects:
                source = leaf
                if not effect.certain and depends is Depends.BEST:
                    continue
                if not effect.certain and depends is Depends.LEAF:
                    name = f"{event.name}?{effect.target}"
                    self.conditions[name] = effect.probability
                    source = formulas.all([leaf, formulas.variable(name)])
                taken = self._taken.setdefault((effect.target, effect.aspect), Counter())
                taken[source] += in_units(effect.share)

    def fails(self, targets: Iterable[Target], threshold: int) -> int:
        """The formula that fails when these targets together lose as much as the threshold."""
        taken, gone = self._together(targets)
        return self._formulas.at_least(threshold, [(ALWAYS, gone), *taken.items()])

    def levels(self, targets: Iterable[Target]) -> list[int]:
        """What may be lost of these targets together: every sum below all of it, growing."""
        taken, gone = self._together(targets)
        sums = {gone} if gone < UNIT else set()
        for units in taken.values():
            sums |= {each + units for each in sums if each + units < UNIT}
        return sorted(sums)

    def _together(self, targets: Iterable[Target]) -> tuple[Counter[int], int]:
        taken: Counter[int] = Counter()
        gone = 0
        for target in targets:
            taken.update(self._taken.get(target, Counter()))
            gone += self._lost.get(target, 0)
        return taken, gone
