"""Some of the minimal cut sets, again as diagrams: those with a leaf, those inside a failed set."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import replace

from standfast.engine.continuity.diagrams.diagram import END_LEVEL, Diagram, constant, trimmed
from standfast.engine.continuity.diagrams.solving import Part


def containing(parts: Sequence[Part], leaf: int) -> tuple[Part, ...]:
    """The sets that contain this leaf."""
    wanted = leaf
    selected: list[Part] = []
    for place, part in enumerate(parts):
        if wanted in part.variables:
            family = _with(part.family, part.variables.index(wanted))
            selected.append(replace(part, family=family))
            wanted = ~place
        else:
            selected.append(part)
    if wanted != ~(len(parts) - 1):
        selected[-1] = replace(parts[-1], family=constant(0))
    return tuple(selected)


def inside(parts: Sequence[Part], failed: Collection[int]) -> tuple[Part, ...]:
    """The sets all of whose leaves have failed."""
    selected: list[Part] = []
    for part in parts:
        kept = [
            name in failed if name >= 0 else selected[~name].family.root != 0
            for name in part.variables
        ]
        selected.append(replace(part, family=_only(part.family, kept)))
    return tuple(selected)


class _Nodes:
    """New nodes of a family, equal ones made once."""

    def __init__(self) -> None:
        self.variable = array("i", (END_LEVEL, END_LEVEL))
        self.low = array("i", (0, 1))
        self.high = array("i", (0, 1))
        self._known: dict[tuple[int, int, int], int] = {}

    def node(self, variable: int, low: int, high: int) -> int:
        if high == 0:
            return low
        key = (variable, low, high)
        found = self._known.setdefault(key, len(self.variable))
        if found == len(self.variable):
            self.variable.append(variable)
            self.low.append(low)
            self.high.append(high)
        return found

    def family(self, root: int) -> Diagram:
        return trimmed(self.variable, self.low, self.high, root)


def _with(family: Diagram, wanted: int) -> Diagram:
    """The sets that contain the variable."""
    nodes = _Nodes()
    moved = [0, 0]  # the sets with the variable
    whole = [0, 1]  # all sets, for what stands below the variable
    columns = zip(family.variable[2:], family.low[2:], family.high[2:], strict=True)
    for variable, low, high in columns:
        whole.append(nodes.node(variable, whole[low], whole[high]) if variable > wanted else 0)
        if variable == wanted:
            moved.append(nodes.node(variable, 0, whole[high]))
        elif variable < wanted:
            moved.append(nodes.node(variable, moved[low], moved[high]))
        else:
            moved.append(0)
    return nodes.family(moved[family.root])


def _only(family: Diagram, kept: Sequence[bool]) -> Diagram:
    """The sets that use none but the kept variables."""
    if all(kept):
        return family
    nodes = _Nodes()
    moved = [0, 1]
    columns = zip(family.variable[2:], family.low[2:], family.high[2:], strict=True)
    for variable, low, high in columns:
        with_it = moved[high] if kept[variable] else 0
        moved.append(nodes.node(variable, moved[low], with_it))
    return nodes.family(moved[family.root])
