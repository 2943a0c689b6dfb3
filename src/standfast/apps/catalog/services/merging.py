"""From the staging table to the placements, set by set, inside the caller's transaction.

Statements are put together from fixed texts and the staging table's name only.
"""
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from standfast.apps.catalog.services.changes import placement_change, subscription_change
from standfast.apps.tenancy.models import Organisation

# A delta of up to so many changes is told to the index row by row; more means building it anew.
TOLD_BY_ROW = 1_000

_SAME = (
    "s.component_id = catalog_placement.component_id AND s.tenant_id = catalog_placement.tenant_id "
    "AND s.service_id = catalog_placement.service_id"
)
_NO_SUBSCRIPTION = (
    "NOT EXISTS (SELECT 1 FROM catalog_servicesubscription b "
    "WHERE b.tenant_id = s.tenant_id AND b.service_id = s.service_id)"
)


@dataclass(frozen=True, slots=True)
class Merged:
    """How many placements came, changed and went; tenants that were subscribed on the way."""

    added: int
    changed: int
    removed: int
    subscribed: int


def keep_others_out() -> None:
    """Let nobody else write placements until the transaction ends. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        _run(
            "LOCK TABLE catalog_placement, catalog_servicesubscription IN SHARE ROW EXCLUSIVE MODE"
        )


def merge(table: str, *, provider: Organisation, full: bool, now: datetime) -> Merged:
    """Make the provider's placements what the table says: all of them, or those that it names."""
    if full:
        removed = _run(
            "DELETE FROM catalog_placement WHERE component_id IN "
            "(SELECT id FROM catalog_component WHERE provider_id = %s) "
            f"AND NOT EXISTS (SELECT 1 FROM {table} s WHERE {_SAME} AND s.users > 0)",
            provider.pk,
        )
    else:
        removed = _run(
            "DELETE FROM catalog_placement WHERE "
            f"EXISTS (SELECT 1 FROM {table} s WHERE {_SAME} AND s.users = 0)"
        )
    changed = _run(
        f"UPDATE catalog_placement SET users = s.users FROM {table} s "
        f"WHERE {_SAME} AND s.users > 0 AND catalog_placement.users <> s.users"
    )
    added = _run(
        "INSERT INTO catalog_placement (component_id, tenant_id, service_id, users) "
        f"SELECT s.component_id, s.tenant_id, s.service_id, s.users FROM {table} s "
        f"WHERE s.users > 0 AND NOT EXISTS (SELECT 1 FROM catalog_placement WHERE {_SAME}) "
        "ORDER BY s.component_id, s.tenant_id, s.service_id"
    )
    subscribed = _run(
        "INSERT INTO catalog_servicesubscription (tenant_id, service_id, seats, since) "
        f"SELECT DISTINCT s.tenant_id, s.service_id, 0, %s FROM {table} s "
        f"WHERE s.users > 0 AND {_NO_SUBSCRIPTION}",
        connection.ops.adapt_datetimefield_value(now),
    )
    return Merged(added, changed, removed, subscribed)


def changes_by_row(table: str) -> list[dict[str, Any]] | None:
    """What a delta is about to change, for the index; None when that is too much to tell by row.

    Ask before `merge`.
    """
    placements = _rows(
        "SELECT s.component_id, o.number, s.service_id, s.users "
        f"FROM {table} s JOIN tenancy_organisation o ON o.id = s.tenant_id "
        f"LEFT JOIN catalog_placement ON {_SAME} "
        f"WHERE coalesce(catalog_placement.users, 0) <> s.users LIMIT {TOLD_BY_ROW + 1}"
    )
    subscriptions = _rows(
        f"SELECT DISTINCT o.number, s.service_id FROM {table} s "
        "JOIN tenancy_organisation o ON o.id = s.tenant_id "
        f"WHERE s.users > 0 AND {_NO_SUBSCRIPTION} LIMIT {TOLD_BY_ROW + 1}"
    )
    if len(placements) + len(subscriptions) > TOLD_BY_ROW:
        return None
    return [
        *(
            subscription_change(tenant_number=number, service=service, present=True)
            for number, service in subscriptions
        ),
        *(
            placement_change(
                component=component, tenant_number=number, service=service, users=users
            )
            for component, number, service, users in placements
        ),
    ]


def _run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return max(int(cursor.rowcount), 0)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
