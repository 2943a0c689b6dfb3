"""Scope: which parts are affected, as a person or a rule chose it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from standfast.engine.targeting.limits import MAX_ID, MAX_TENANT


@dataclass(frozen=True)
class Scope:
    """The affected parts.

    `components`: component ids, each with its whole subtree; empty means every component.
    `services`: only placements of these service ids; empty means all services. Services without
    components are meant as a whole, so their subscribers without a known placement are in too.
    `include`, `exclude`: tenant numbers added or taken out by hand; exclude wins over include.
    `unclear`: the fault is not located yet, so tenants whose placement is unknown belong in too.

    A scope that chooses nothing and is not unclear reaches nobody, never everybody.
    """

    components: frozenset[int] = frozenset()
    services: frozenset[int] = frozenset()
    include: frozenset[int] = frozenset()
    exclude: frozenset[int] = frozenset()
    unclear: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody is meant: nothing chosen and not unclear (`exclude` alone is nothing)."""
        return not self.include and not self.looks_at_placements

    @property
    def looks_at_placements(self) -> bool:
        """Whether placements decide; false for an empty scope and for one of named tenants only."""
        return bool(self.components or self.services or self.unclear)

    @property
    def reaches_unplaced(self) -> bool:
        """Whether tenants belong in whose placement is unknown.

        They do while the fault is not located, and when whole services are meant: wherever their
        users are, they are on a part of these.
        """
        return self.unclear or bool(self.services and not self.components)

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON values; sets become sorted lists, so equal scopes give equal text."""
        return {
            "components": sorted(self.components),
            "services": sorted(self.services),
            "include": sorted(self.include),
            "exclude": sorted(self.exclude),
            "unclear": self.unclear,
        }

    @classmethod
    def from_json(cls, value: object) -> Scope:
        """Read what `to_json` wrote; a field left out is empty.

        Raises ValueError naming the bad field.
        """
        if not isinstance(value, Mapping):
            raise ValueError(f"scope: an object is needed, not {_kind(value)}")
        known = [field.name for field in fields(cls)]
        for name in value:
            if name not in known:
                raise ValueError(f"{name}: not a field of a scope; these are: {', '.join(known)}")
        unclear = value.get("unclear", False)
        if not isinstance(unclear, bool):
            raise ValueError(f"unclear: true or false is needed, not {_kind(unclear)}")
        return cls(
            components=_numbers(value, "components", MAX_ID),
            services=_numbers(value, "services", MAX_ID),
            include=_numbers(value, "include", MAX_TENANT),
            exclude=_numbers(value, "exclude", MAX_TENANT),
            unclear=unclear,
        )


def _numbers(value: Mapping[Any, Any], name: str, most: int) -> frozenset[int]:
    items = value.get(name, [])
    if not isinstance(items, list):
        raise ValueError(f"{name}: a list of numbers is needed, not {_kind(items)}")
    for item in items:
        if not isinstance(item, int) or isinstance(item, bool) or not 0 <= item <= most:
            raise ValueError(f"{name}: {item!r} is not a whole number from 0 to {most}")
    return frozenset(items)


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
