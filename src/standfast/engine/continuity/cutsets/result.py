"""The answer to “what could stop it?”: all minimal cut sets of one node of a gate graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from standfast.engine.continuity.cutsets import counting, listing, selecting
from standfast.engine.continuity.cutsets.counting import Region
from standfast.engine.continuity.diagrams.solving import Part, Solved
from standfast.engine.continuity.gates import Area, GateGraph


@dataclass(frozen=True, slots=True)
class CutSet:
    """A smallest combination of failures; `probability` that all are down at once, if known."""

    leaves: tuple[int, ...]
    names: tuple[str, ...]
    areas: Region
    probability: float | None

    @property
    def order(self) -> int:
        """How many failures it takes."""
        return len(self.leaves)


@dataclass(frozen=True, eq=False)
class CutSets:
    """All minimal cut sets, however many, without listing them.

    For a graph that negates (`coherent` is false) these are the minimal positive parts: the
    smallest sets of failures that stop the function while everything else works. A set of order 0
    means that the function is down already.

    `complete_to` is None when all sets are here; else only those up to this order are, and counts
    are lower bounds.
    """

    graph: GateGraph
    parts: tuple[Part, ...]
    coherent: bool
    complete_to: int | None = None
    areas: Mapping[str, frozenset[Area]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        graph: GateGraph,
        solved: Solved,
        *,
        areas: Mapping[str, frozenset[Area]] | None = None,
    ) -> CutSets:
        """The cut sets of what was solved.

        `areas`, by name, is for leaves that touch several circles, such as a fire.
        """
        return cls(graph, solved.parts, solved.coherent, solved.complete_to, areas or {})

    @property
    def complete(self) -> bool:
        """Whether all sets are here."""
        return self.complete_to is None

    @cached_property
    def count(self) -> int:
        """How many sets there are."""
        return counting.count(self.parts, len(self.graph.leaves))

    @cached_property
    def by_order(self) -> tuple[int, ...]:
        """How many sets there are of order 0, 1, 2 …"""
        return counting.by_order(self.parts, len(self.graph.leaves))

    @cached_property
    def by_region(self) -> Mapping[Region, int]:
        """How many sets touch exactly these circles of the Venn diagram; none: the empty region."""
        return counting.by_region(self.parts, self.touched)

    @cached_property
    def touched(self) -> tuple[Region, ...]:
        """The circles that each leaf touches."""
        given = self.areas
        return tuple(
            given.get(leaf.name, frozenset({leaf.area})) - {Area.NONE} for leaf in self.graph.leaves
        )

    @cached_property
    def by_leaf(self) -> tuple[int, ...]:
        """How many sets each leaf is in."""
        return counting.by_leaf(self.parts, len(self.graph.leaves))

    @cached_property
    def least_order(self) -> int | None:
        """The fewest failures that stop the function; None when nothing stops it."""
        return next((order for order, number in enumerate(self.by_order) if number), None)

    @cached_property
    def single_points(self) -> tuple[CutSet, ...]:
        """The sets of order 1: leaves that stop the function all alone."""
        return tuple(found for found in self.ordered(up_to=1) if found.order == 1)

    def ordered(self, *, up_to: int | None = None) -> Iterator[CutSet]:
        """The sets one by one, single points of failure first, up to an order if given."""
        return (self._described(leaves) for leaves in listing.in_order(self.parts, up_to=up_to))

    def most_probable(self, number: int | None = None) -> Iterator[CutSet]:
        """The sets one by one, the most probable first; those of unknown probability come last."""
        chances = [leaf.unavailability or 0.0 for leaf in self.graph.leaves]
        found = listing.most_probable(self.parts, chances)
        return (self._described(leaves) for leaves in islice(found, number))

    def containing(self, leaf: int) -> CutSets:
        """The sets that contain this leaf."""
        return replace(self, parts=selecting.containing(self.parts, leaf))

    def inside(self, failed: Collection[int]) -> CutSets:
        """The sets all of whose leaves are among these: the reasons why the function is down."""
        return replace(self, parts=selecting.inside(self.parts, failed))

    def _described(self, leaves: tuple[int, ...]) -> CutSet:
        probability: float | None = 1.0
        areas: Region = frozenset()
        for number in leaves:
            leaf = self.graph.leaves[number]
            areas |= self.touched[number]
            if leaf.unavailability is None or probability is None:
                probability = None
            else:
                probability *= leaf.unavailability
        names = tuple(self.graph.name(number) for number in leaves)
        return CutSet(leaves, names, areas, probability)
