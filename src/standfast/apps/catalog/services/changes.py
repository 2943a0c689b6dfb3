"""The change log that placement indexes follow. Every write that matters to targeting ends here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from standfast.apps.catalog.index import look_again
from standfast.apps.catalog.models import CatalogChange

# Any constant will do, as long as nothing else in the database locks the same one.
_LOCK = 0x5F0A_11E2


def placement_change(
    *, component: int, tenant_number: int, service: int, users: int
) -> dict[str, Any]:
    """The tenant now has `users` users there; 0: none any more."""
    return {
        "kind": "placement",
        "component": component,
        "tenant_number": tenant_number,
        "service": service,
        "users": users,
    }


def edge_change(*, parent: int, component: int, present: bool) -> dict[str, Any]:
    """`component` now stands, or no longer stands, directly below `parent`."""
    return {"kind": "edge", "parent": parent, "component": component, "present": present}


def component_change(*, component: int, present: bool) -> dict[str, Any]:
    """A component was added, or retired."""
    return {"kind": "component", "component": component, "present": present}


def subscription_change(*, tenant_number: int, service: int, present: bool) -> dict[str, Any]:
    """The tenant now uses, or no longer uses, the service."""
    return {
        "kind": "subscription",
        "tenant_number": tenant_number,
        "service": service,
        "present": present,
    }


def append_changes(*, changes: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Write changes in order, inside the transaction that made them.

    Readers take every id above the last one they saw, so ids must become visible in order:
    PostgreSQL gives ids out before the commit, hence the lock; SQLite has one writer at a time.
    """
    _in_order()
    CatalogChange.objects.bulk_create(
        [
            CatalogChange(
                kind=change["kind"],
                payload={name: value for name, value in change.items() if name != "kind"},
                at=now,
            )
            for change in changes
        ],
        batch_size=5_000,
    )
    transaction.on_commit(look_again)


def everything_changed(*, now: datetime) -> None:
    """Ask for a new index: after a full import, or after rows were written in bulk."""
    append_changes(changes=[{"kind": "rebuild"}], now=now)


def _in_order() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Changes must be written inside the transaction that made them.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
