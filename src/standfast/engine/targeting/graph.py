"""The components as they are now: the built spanning tree, further links, and later changes.

Changes never renumber. An edge taken out of the spanning tree becomes a *cut*, an edge put in
becomes a *link* (as the second parents of a directed acyclic graph already are), a new component
gets a position beyond the built ones, and a removed one is *gone*: cut off from everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from standfast.engine.targeting.arrays import (
    NO_INTS,
    Ints,
    distinct,
    in_ranges,
    ints,
    merge_ranges,
    spread,
)
from standfast.engine.targeting.errors import CyclicComponents, UnknownComponents
from standfast.engine.targeting.region import Region
from standfast.engine.targeting.tables import Tables


@dataclass(frozen=True)
class Graph:
    """Components and edges by position; never changes, every change gives a new one.

    `links`: (parent, child) positions outside the tree, sorted. `cuts`: sorted positions whose
    tree parent is no longer theirs. `gone`: sorted removed positions. `added`: new ids.
    """

    tables: Tables
    links: tuple[Ints, Ints]
    cuts: Ints = field(default_factory=lambda: NO_INTS)
    gone: Ints = field(default_factory=lambda: NO_INTS)
    added: Mapping[int, int] = field(default_factory=dict)
    added_ids: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """Number of positions, built and added."""
        return self.tables.size + len(self.added_ids)

    def position(self, component: int) -> int | None:
        """Give the position of a component, or None when it is not (or no longer) known."""
        position = self.added.get(component)
        if position is None:
            position = self.tables.position(component)
        return None if position is None or position in self.gone else position

    def component(self, position: int) -> int:
        """Give the id of the component at a position."""
        built = self.tables.size
        return (
            self.added_ids[position - built] if position >= built else int(self.tables.id[position])
        )

    def everything(self) -> Region:
        """Give the region of all components, also of those without a parent."""
        ends = np.append(self.gone, self.size)
        begins = np.append(0, self.gone + 1)
        kept = begins < ends
        joints = np.concatenate(([0], self.cuts, self.gone))
        return Region(begins[kept], ends[kept], joints)

    def below(self, components: Collection[int]) -> Region:
        """Give the components and all that is below them, each once.

        Raises UnknownComponents naming those that the graph does not know.
        """
        found = {component: self.position(component) for component in sorted(components)}
        unknown = [component for component, position in found.items() if position is None]
        if unknown:
            raise UnknownComponents(unknown)
        wave = distinct(ints([position for position in found.values() if position is not None]))
        begins, ends = merge_ranges(*self._pieces(wave))
        joints = [self.cuts, self.gone, wave]
        while self.links[0].size and wave.size:
            reached = self._linked(begins, ends)
            wave = reached[~in_ranges(begins, ends, reached)]
            joints.append(wave)
            more = self._pieces(wave)
            begins, ends = merge_ranges(
                np.concatenate((begins, more[0])), np.concatenate((ends, more[1]))
            )
        return Region(begins, ends, np.concatenate(joints))

    def _pieces(self, tops: Ints) -> tuple[Ints, Ints]:
        """Give the ranges of the tree below each top, without what is cut off from it."""
        built = tops < self.tables.size
        ends = tops + 1
        ends[built] = self.tables.last[tops[built]] + 1
        if not self.cuts.size:
            return tops, ends
        begins, stops = [], []
        for top, end in zip(tops.tolist(), ends.tolist(), strict=True):
            at = top
            for cut in self.cuts[slice(*np.searchsorted(self.cuts, (top + 1, end)))].tolist():
                if cut >= at:
                    begins.append(at)
                    stops.append(cut)
                    at = int(self.tables.last[cut]) + 1
            begins.append(at)
            stops.append(end)
        starts, limits = ints(begins), ints(stops)
        return starts[starts < limits], limits[starts < limits]

    def _linked(self, begins: Ints, ends: Ints) -> Ints:
        parents, children = self.links
        chosen = spread(np.searchsorted(parents, begins), np.searchsorted(parents, ends))
        return np.unique(children[chosen])

    def parents(self, position: int) -> list[int]:
        """List the positions directly above one."""
        found: list[int] = self.links[0][self.links[1] == position].tolist()
        tree = self._tree_parent(position)
        return found if tree is None else [tree, *found]

    def _tree_parent(self, position: int) -> int | None:
        if position >= self.tables.size or position in self.cuts:
            return None
        return int(self.tables.parent[position]) or None

    def edges(self) -> tuple[Ints, Ints]:
        """Give all edges as component ids: parents and children."""
        parent = ints(self.tables.parent)
        child = np.flatnonzero(parent > 0)
        child = child[~np.isin(child, self.cuts)]
        names = self.names()
        parents = np.concatenate((parent[child], self.links[0]))
        return names[parents], names[np.concatenate((child, self.links[1]))]

    def names(self) -> Ints:
        """Give component ids by position."""
        return np.concatenate((ints(self.tables.id), ints(self.added_ids)))

    def present(self) -> Ints:
        """Give the ids of all components."""
        return np.delete(self.names(), np.append(0, self.gone))

    def with_component(self, component: int) -> Graph:
        """Know a component; without edges if it is new."""
        if self.position(component) is not None:
            return self
        added = {**self.added, component: self.size}
        return replace(self, added=added, added_ids=(*self.added_ids, component))

    def without_component(self, component: int) -> Graph:
        """Remove a component, its edges and its own placements; its children become roots."""
        position = self.position(component)
        if position is None:
            return self
        cuts = self.cuts
        if position < self.tables.size:
            children = np.flatnonzero(self.tables.parent == position)
            tree = self._tree_parent(position)
            cuts = np.union1d(cuts, children if tree is None else np.append(children, position))
        kept = (self.links[0] != position) & (self.links[1] != position)
        return replace(
            self,
            links=(self.links[0][kept], self.links[1][kept]),
            cuts=cuts,
            gone=np.union1d(self.gone, [position]),
            added={key: value for key, value in self.added.items() if key != component},
        )

    def without_edge(self, parent: int, child: int) -> Graph:
        """Take `child` from below `parent`; nothing changes when it is not there."""
        above, below = self.position(parent), self.position(child)
        if above is None or below is None:
            return self
        if self._tree_parent(below) == above:
            return replace(self, cuts=np.union1d(self.cuts, [below]))
        kept = (self.links[0] != above) | (self.links[1] != below)
        return replace(self, links=(self.links[0][kept], self.links[1][kept]))

    def with_edge(self, parent: int, child: int) -> Graph:
        """Put `child` directly below `parent`.

        Raises CyclicComponents naming the cycle, UnknownComponents.
        """
        above, below = self.position(parent), self.position(child)
        if above is None or below is None:
            raise UnknownComponents([parent if above is None else child])
        if above in self.parents(below):
            return self
        self._refuse_cycle(above, below)
        if below < self.tables.size and self.tables.parent[below] == above:
            return replace(self, cuts=np.setdiff1d(self.cuts, [below]))
        parents, children = np.append(self.links[0], above), np.append(self.links[1], below)
        order = np.lexsort((children, parents))
        return replace(self, links=(parents[order], children[order]))

    def _refuse_cycle(self, above: int, below: int) -> None:
        """Climb from `above`; meeting `below` means that it would contain itself."""
        came_from: dict[int, int] = {above: below}
        climbing = [above]
        while climbing:
            position = climbing.pop()
            if position == below:
                path = [below]
                while (position := came_from[position]) != below:
                    path.append(position)
                raise CyclicComponents([self.component(each) for each in [*path, below]])
            for parent in self._unseen(self.parents(position), came_from):
                came_from[parent] = position
                climbing.append(parent)

    @staticmethod
    def _unseen(positions: Iterable[int], seen: Mapping[int, int]) -> list[int]:
        return [position for position in positions if position not in seen]
