"""The placement index: built once, mapped by every process, kept up to date by changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from standfast.engine.targeting.apply import apply_changes
from standfast.engine.targeting.arrays import Ints, ints
from standfast.engine.targeting.build import build_tables
from standfast.engine.targeting.changes import Change
from standfast.engine.targeting.file import map_columns, write_columns
from standfast.engine.targeting.graph import Graph
from standfast.engine.targeting.measure import Measure, measure
from standfast.engine.targeting.pending import PendingPlacements, Subscriptions
from standfast.engine.targeting.region import Region
from standfast.engine.targeting.tables import Tables

_NONE: tuple[int, ...] = ()


@dataclass(frozen=True)
class PlacementIndex:
    """Who is placed where. It never changes, so threads may share it; `apply` gives a new one.

    `revision` is the number of the last change that it contains; `pending` says how many changes
    lie beside the built arrays. When they are many, `compact`.
    """

    tables: Tables
    graph: Graph
    placements: PendingPlacements
    subscriptions: Subscriptions
    revision: int
    pending: int = 0

    @classmethod
    def build(
        cls,
        *,
        edges: tuple[ArrayLike, ArrayLike] = (_NONE, _NONE),
        placements: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike] = (_NONE,) * 4,
        subscriptions: tuple[ArrayLike, ArrayLike] = (_NONE, _NONE),
        components: ArrayLike = _NONE,
        revision: int = 0,
    ) -> PlacementIndex:
        """Build an index from columns of whole numbers.

        `edges`: parent and child component ids; a component may have several parents.
        `placements`: component, tenant number, service, users; one row for each placement.
        `subscriptions`: service, tenant number.
        `components`: ids that may appear in none of these columns.
        Raises CyclicComponents, BadRow (naming the row), TargetingError.
        """
        tables = build_tables(components, edges, placements, subscriptions)
        return cls._of(tables, revision)

    @classmethod
    def open(cls, path: Path) -> PlacementIndex:
        """Map an index that `save` wrote. Raises IndexFileError saying what is wrong with it."""
        columns, revision = map_columns(path)
        return cls._of(Tables(columns), revision)

    @classmethod
    def _of(cls, tables: Tables, revision: int) -> PlacementIndex:
        graph = Graph(tables, tables.links)
        return cls(tables, graph, PendingPlacements(), Subscriptions(tables), revision)

    def save(self, path: Path) -> None:
        """Write the index to one file, atomically; pending changes are compacted first."""
        compact = self.compact()
        write_columns(path, compact.tables.arrays(), compact.revision)

    def apply(self, changes: Iterable[Change]) -> PlacementIndex:
        """Give an index with these changes; those up to `revision` are in already and skipped.

        Changes count in the order of their numbers. Raises CyclicComponents, BadRow; `self` stays
        usable.
        """
        news = sorted(
            (change for change in changes if change.number > self.revision),
            key=lambda change: change.number,
        )
        if not news:
            return self
        graph, placements, subscriptions = apply_changes(
            self.graph, self.placements, self.subscriptions, news
        )
        return replace(
            self,
            graph=graph,
            placements=placements,
            subscriptions=subscriptions,
            revision=news[-1].number,
            pending=self.pending + len(news),
        )

    def compact(self) -> PlacementIndex:
        """Give an equal index without pending changes, built anew; itself when it has none."""
        if not self.pending:
            return self
        component, tenant, service, users = self._rows()
        services = self.subscriptions.services()
        sets = [self.subscriptions.of(each) for each in services]
        return PlacementIndex.build(
            edges=self.graph.edges(),
            placements=(component, tenant, service, users),
            subscriptions=(
                np.repeat(ints(services), [len(each) for each in sets]),
                np.concatenate([ints([]), *(ints(each.to_array()) for each in sets)]),
            ),
            components=self.graph.present(),
            revision=self.revision,
        )

    def _rows(self) -> tuple[Ints, Ints, Ints, Ints]:
        position, tenant, service, users = self.tables.all_rows()
        names = self.graph.names()
        there = ~np.isin(position, self.graph.gone)
        late = self.placements
        replaced = np.flatnonzero(late.before)
        keys = zip(
            late.position[replaced].tolist(),
            late.tenant[replaced].tolist(),
            late.service[replaced].tolist(),
            strict=True,
        )
        for at, who, what in keys:
            begin, end = np.searchsorted(tenant, (who, who + 1))
            there[begin:end] &= (position[begin:end] != at) | (service[begin:end] != what)
        kept = ~np.isin(late.position, self.graph.gone)
        return (
            names[np.concatenate((position[there], late.position[kept]))],
            np.concatenate((tenant[there], late.tenant[kept])),
            np.concatenate((service[there], late.service[kept])),
            np.concatenate((users[there], late.users[kept])),
        )

    def measure(self, region: Region, services: frozenset[int]) -> Measure:
        """Prepare the sums of a region for services (empty: all)."""
        return measure(self.tables, self.placements, region, services)

    def services(self) -> list[int]:
        """List the services that have or had placements or subscribers, ascending."""
        return sorted(
            {
                *self.tables.services(0),
                *self.placements.service.tolist(),
                *self.subscriptions.services(),
            }
        )

    def placements_of(self, tenant: int) -> list[tuple[int, int, int]]:
        """List a tenant's placements as (position, service, users), by position and service."""
        positions, services, users = self.tables.rows(tenant)
        keys = zip(positions.tolist(), services.tolist(), strict=True)
        found: dict[tuple[int, int], int] = dict(zip(keys, users.tolist(), strict=True))
        found.update(self.placements.rows(tenant))
        gone = set(self.graph.gone.tolist())
        return sorted(
            (position, service, count)
            for (position, service), count in found.items()
            if count and position not in gone
        )
