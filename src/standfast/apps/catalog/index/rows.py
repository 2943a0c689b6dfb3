"""Building an index from the database, row by row into arrays: never all rows as objects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from numpy.typing import NDArray

from standfast.apps.catalog.models import (
    CatalogChange,
    Component,
    ComponentEdge,
    Placement,
    ServiceSubscription,
)
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import PlacementIndex

# Ids and user counts fit: the index refuses larger ones by name.
_Ints = NDArray[np.int32]
_CHUNK = 20_000


def build_index() -> PlacementIndex:
    """Build the index of everything that is stored now.

    The revision is read first: changes that slip into the rows meanwhile are applied once more
    later, which changes nothing, because every change states how things are afterwards.
    """
    with _one_moment():
        revision = last_change()
        edges = _columns(ComponentEdge.objects.values_list("parent_id", "child_id"), 2)
        components = _columns(Component.objects.values_list("pk"), 1)
        subscriptions = _columns(
            ServiceSubscription.objects.values_list("service_id", "tenant_id"), 2
        )
        placements = _columns(
            Placement.objects.values_list("component_id", "tenant_id", "service_id", "users"), 4
        )
        numbers = _Numbers()
    return PlacementIndex.build(
        components=components[0],
        edges=(edges[0], edges[1]),
        subscriptions=(subscriptions[0], numbers.of(subscriptions[1])),
        placements=(placements[0], numbers.of(placements[1]), placements[2], placements[3]),
        revision=revision,
    )


def last_change() -> int:
    """The id of the newest change; 0 when there is none."""
    highest: int | None = CatalogChange.objects.aggregate(highest=Max("pk"))["highest"]
    return highest or 0


class _Numbers:
    """From a tenant's row to its dense number."""

    def __init__(self) -> None:
        rows = Organisation.objects.filter(number__isnull=False)
        ids, numbers = _columns(rows.values_list("pk", "number"), 2)
        by_id = np.argsort(ids)  # rows come in any order: PostgreSQL moves one that is updated
        self._ids, self._numbers = ids[by_id], numbers[by_id]

    def of(self, tenants: _Ints) -> _Ints:
        """The number of each tenant; every organisation with placements has one."""
        return self._numbers[np.searchsorted(self._ids, tenants)]


def _columns(rows: QuerySet[Any, tuple[Any, ...]], width: int) -> list[_Ints]:
    """The columns of the rows, in whatever order the database finds quickest."""
    shape = np.dtype((np.int32, (width,)))
    table = np.fromiter(rows.order_by().iterator(_CHUNK), dtype=shape)
    return [np.ascontiguousarray(table[:, column]) for column in range(width)]


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment on PostgreSQL.

    On SQLite each statement is its own moment: a transaction of ours would keep writers out.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
