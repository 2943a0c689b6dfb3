"""Checking the columns that an index is built from; every refusal names the table and the row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from standfast.engine.targeting.arrays import Ints
from standfast.engine.targeting.errors import BadRow, TargetingError
from standfast.engine.targeting.limits import MAX_ID, MAX_TENANT, MAX_USERS

_LIMITS = {
    "component": MAX_ID,
    "parent": MAX_ID,
    "child": MAX_ID,
    "service": MAX_ID,
    "tenant": MAX_TENANT,
    "users": MAX_USERS,
}


@dataclass(frozen=True)
class Placements:
    """Checked placement columns of equal shape (k,), each user count positive, no key twice."""

    component: Ints
    tenant: Ints
    service: Ints
    users: Ints


def check_columns(table: str, names: Sequence[str], columns: Sequence[ArrayLike]) -> list[Ints]:
    """Give the columns as int64 after checking type, equal length and the limits of each value.

    Raises BadRow for a value, TargetingError for a column that does not fit.
    """
    checked = []
    for name, column in zip(names, columns, strict=True):
        array = np.asarray(column)
        if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
            raise TargetingError(f"{table}, {name}: a flat column of whole numbers is needed")
        bad = np.flatnonzero((array < 0) | (array > _LIMITS[name])) if array.size else array
        if bad.size:
            row = int(bad[0])
            problem = f"{array[row]} is not a whole number from 0 to {_LIMITS[name]}"
            raise BadRow(table, row, name, problem)
        checked.append(array.astype(np.int64, copy=False))
    if len({array.size for array in checked}) > 1:
        sizes = ", ".join(f"{n} {a.size}" for n, a in zip(names, checked, strict=True))
        raise TargetingError(f"{table}: columns differ in length ({sizes})")
    return checked


def check_placements(columns: Sequence[ArrayLike]) -> Placements:
    """Check (component, tenant, service, users) columns; rows with 0 users are dropped.

    Raises BadRow, also for a (component, tenant, service) that comes twice.
    """
    names = ("component", "tenant", "service", "users")
    component, tenant, service, users = check_columns("placements", names, columns)
    order = np.lexsort((service, component, tenant))
    same = np.ones(max(order.size - 1, 0), np.bool_)
    for column in (component, tenant, service):
        ordered = column[order]
        same &= ordered[1:] == ordered[:-1]
    twice = np.flatnonzero(same)
    if twice.size:
        first, second = sorted((int(order[twice[0]]), int(order[twice[0] + 1])))
        key = f"component {component[first]}, tenant {tenant[first]}, service {service[first]}"
        raise BadRow("placements", second, "component", f"repeats row {first} ({key})")
    if users.size and not users.all():
        kept = users > 0
        return Placements(component[kept], tenant[kept], service[kept], users[kept])
    return Placements(component, tenant, service, users)
