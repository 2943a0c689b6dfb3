"""A scope as the query of an address, so that a choice can be linked, kept and shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from standfast.engine.targeting import Scope

# Field of a scope → its name in the address.
NAMES: Mapping[str, str] = {"components": "c", "services": "s", "include": "in", "exclude": "out"}
UNCLEAR = "unclear"
# Says that the address holds the scope, also when nothing is chosen any more.
PICKED = "picked"
MOST = 2_000
_MAX = 2**31 - 1


def has_scope(query: QueryDict) -> bool:
    """Whether the address holds a scope (else the stored one is meant)."""
    return any(name in query for name in (*NAMES.values(), UNCLEAR, PICKED))


def read_scope(query: QueryDict) -> Scope:
    """The scope of an address. What is not a number is left out; so is what comes after MOST."""
    found = {field: _numbers(query.getlist(name)) for field, name in NAMES.items()}
    return Scope(**found, unclear=query.get(UNCLEAR) == "1")


def scope_pairs(scope: Scope) -> list[tuple[str, str]]:
    """The scope as pairs for an address or for hidden fields."""
    pairs = [
        (name, str(number))
        for field, name in NAMES.items()
        for number in sorted(getattr(scope, field))
    ]
    unclear = [(UNCLEAR, "1")] if scope.unclear else []
    return [(PICKED, "1"), *pairs, *unclear]


@dataclass(frozen=True, slots=True)
class ScopeLinks:
    """Addresses that change a scope by one thing; `kept` are the other pairs of the address."""

    scope: Scope
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def here(self) -> str:
        """The query of the scope as it is."""
        return self._query(self.scope)

    def adding(self, field: str, number: int) -> str:
        """The query with one more; a tenant is either included or excluded."""
        changed = {field: getattr(self.scope, field) | {number}}
        other = {"include": "exclude", "exclude": "include"}.get(field)
        if other:
            changed[other] = getattr(self.scope, other) - {number}
        return self._query(replace(self.scope, **changed))

    def dropping(self, field: str, number: int) -> str:
        """The query with one less."""
        return self._query(replace(self.scope, **{field: getattr(self.scope, field) - {number}}))

    def toggling_unclear(self) -> str:
        """The query with the other answer to “is it unclear?”."""
        return self._query(replace(self.scope, unclear=not self.scope.unclear))

    def moving(self, **kept: str) -> str:
        """The query of the same scope while the page looks elsewhere; '' forgets a place.

        Another place begins at its first page.
        """
        pairs = {**dict(self.kept), "page": "", **kept}
        elsewhere = tuple((name, value) for name, value in pairs.items() if value)
        return replace(self, kept=elsewhere).here

    def emptied(self) -> str:
        """The query with nothing chosen."""
        return self._query(Scope())

    def _query(self, scope: Scope) -> str:
        query = QueryDict(mutable=True)
        for name, value in (*scope_pairs(scope), *self.kept):
            query.appendlist(name, value)
        return f"?{query.urlencode()}"


def _numbers(values: list[str]) -> frozenset[int]:
    numbers = {
        int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 11
    }
    return frozenset(sorted(number for number in numbers if number <= _MAX)[:MOST])
