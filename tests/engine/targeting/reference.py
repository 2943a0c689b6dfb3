"""The same questions answered by plain SQL: slow, short, and easy to believe."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from standfast.engine.targeting import (
    Change,
    ComponentChange,
    EdgeChange,
    PlacementChange,
    PlacementIndex,
    Scope,
    SubscriptionChange,
)

_TABLES = """
CREATE TABLE component (id INTEGER PRIMARY KEY);
CREATE TABLE edge (parent INTEGER, child INTEGER, PRIMARY KEY (parent, child));
CREATE TABLE placement (
    component INTEGER, tenant INTEGER, service INTEGER, users INTEGER,
    PRIMARY KEY (component, tenant, service));
CREATE TABLE subscription (service INTEGER, tenant INTEGER, PRIMARY KEY (service, tenant));
"""

_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT value FROM json_each(:components)
    UNION SELECT child FROM edge JOIN below ON parent = id),
inside AS (
    SELECT * FROM placement
    WHERE (:services = '[]' OR service IN (SELECT value FROM json_each(:services)))
    AND (CASE WHEN :components = '[]' THEN :unclear OR :services <> '[]'
         ELSE component IN (SELECT id FROM below) END)),
unplaced AS (
    SELECT * FROM subscription s
    WHERE (:unclear OR (:components = '[]' AND :services <> '[]'))
    AND (:services = '[]' OR service IN (SELECT value FROM json_each(:services)))
    AND NOT EXISTS (
        SELECT * FROM placement p WHERE p.tenant = s.tenant AND p.service = s.service)),
wanted AS (
    SELECT tenant, service, users FROM inside
    UNION ALL SELECT tenant, service, 0 FROM unplaced
    UNION ALL SELECT value, NULL, 0 FROM json_each(:include)),
audience AS (
    SELECT * FROM wanted WHERE tenant NOT IN (SELECT value FROM json_each(:exclude)))
"""


class World:
    """Components, placements and subscriptions in tables."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.executescript(_TABLES)

    def add_component(self, component: int) -> None:
        self.db.execute("INSERT OR IGNORE INTO component VALUES (?)", (component,))

    def add_edge(self, parent: int, child: int) -> None:
        self.add_component(parent)
        self.add_component(child)
        self.db.execute("INSERT OR IGNORE INTO edge VALUES (?, ?)", (parent, child))

    def place(self, component: int, tenant: int, service: int, users: int) -> None:
        self.add_component(component)
        key = (component, tenant, service)
        self.db.execute(
            "DELETE FROM placement WHERE component = ? AND tenant = ? AND service = ?", key
        )
        if users:
            self.db.execute("INSERT INTO placement VALUES (?, ?, ?, ?)", (*key, users))

    def apply(self, change: Change) -> None:
        match change:
            case PlacementChange():
                self.place(change.component, change.tenant, change.service, change.users)
            case EdgeChange(linked=True):
                self.add_edge(change.parent, change.child)
            case EdgeChange():
                pair = (change.parent, change.child)
                self.db.execute("DELETE FROM edge WHERE parent = ? AND child = ?", pair)
            case ComponentChange(present=True):
                self.add_component(change.component)
            case ComponentChange():
                gone = {"id": change.component}
                self.db.execute("DELETE FROM edge WHERE parent = :id OR child = :id", gone)
                self.db.execute("DELETE FROM placement WHERE component = :id", gone)
                self.db.execute("DELETE FROM component WHERE id = :id", gone)
            case SubscriptionChange():
                row = (change.service, change.tenant)
                if change.subscribed:
                    self.db.execute("INSERT OR IGNORE INTO subscription VALUES (?, ?)", row)
                else:
                    sql = "DELETE FROM subscription WHERE service = ? AND tenant = ?"
                    self.db.execute(sql, row)

    def contains(self, above: int, below: int) -> bool:
        scope = Scope(components=frozenset([above]))
        return bool(self._ask("SELECT 1 FROM below WHERE id = :id", scope, id=below))

    def components(self) -> list[int]:
        return [row[0] for row in self.db.execute("SELECT id FROM component ORDER BY id")]

    def edges(self) -> list[tuple[int, int]]:
        return self.db.execute("SELECT parent, child FROM edge ORDER BY 1, 2").fetchall()

    def placements(self) -> list[tuple[int, int, int]]:
        sql = "SELECT component, tenant, service FROM placement ORDER BY 1, 2, 3"
        return self.db.execute(sql).fetchall()

    def index(self, revision: int = 0) -> PlacementIndex:
        """Build an index from the tables."""
        return PlacementIndex.build(
            components=self.components(),
            edges=_columns(self.db.execute("SELECT * FROM edge"), 2),
            placements=_columns(self.db.execute("SELECT * FROM placement"), 4),
            subscriptions=_columns(self.db.execute("SELECT * FROM subscription"), 2),
            revision=revision,
        )

    def audience(self, scope: Scope) -> dict[int, int]:
        """Give users by tenant of the audience."""
        return dict(self._ask("SELECT tenant, sum(users) FROM audience GROUP BY tenant", scope))

    def by_service(self, scope: Scope) -> dict[int, tuple[set[int], int]]:
        """Give tenants and users by service."""
        rows = self._ask("SELECT service, tenant, users FROM audience WHERE service > 0", scope)
        found: dict[int, tuple[set[int], int]] = {}
        for service, tenant, users in rows:
            tenants, sum_so_far = found.get(service, (set(), 0))
            found[service] = tenants | {tenant}, sum_so_far + users
        return found

    def below(self, scope: Scope, component: int) -> dict[int, int]:
        """Give users by tenant of the placed part of the audience below a component."""
        sql = """SELECT tenant, sum(users) FROM inside
            WHERE tenant NOT IN (SELECT value FROM json_each(:exclude)) AND component IN (
                WITH RECURSIVE part (id) AS (
                    SELECT :part UNION SELECT child FROM edge JOIN part ON parent = id)
                SELECT id FROM part) GROUP BY tenant"""
        return dict(self._ask(sql, scope, part=component))

    def carriers(self, scope: Scope, tenant: int) -> list[tuple[int, int, int]]:
        """List (component, service, users) that carry a tenant's users inside a scope."""
        sql = "SELECT component, service, users FROM inside WHERE tenant = :tenant"
        return self._ask(f"{sql} ORDER BY users DESC, component, service", scope, tenant=tenant)

    def unplaced(self, scope: Scope, tenant: int) -> set[int]:
        """List the services that such a scope's tenant subscribes to without placement."""
        sql = "SELECT service FROM unplaced WHERE tenant = :tenant"
        return {row[0] for row in self._ask(sql, scope, tenant=tenant)}

    def users_of(self, scope: Scope, tenant: int) -> int:
        """Give all users of a tenant of the services of a scope, wherever they are."""
        services = Scope(services=scope.services, unclear=True)
        return sum(users for _, _, users in self.carriers(services, tenant))

    def _ask(self, select: str, scope: Scope, **more: int) -> list[Any]:
        values = {name: json.dumps(value) for name, value in scope.to_json().items()}
        return self.db.execute(
            f"{_BELOW} {select}", {**values, "unclear": scope.unclear, **more}
        ).fetchall()


def _columns(rows: Iterable[tuple[int, ...]], width: int) -> Any:
    return tuple(list(column) for column in zip(*rows, strict=True)) or ([],) * width
