"""Stage 2, one address once: of equal channel and address the most specific is told."""

from __future__ import annotations

from dataclasses import replace

from standfast.engine.health.severity import severity_rank
from standfast.engine.routing.entries import Action, Entry, SkipReason


def once_per_address(told: list[Entry], aside: list[Entry]) -> list[Entry]:
    """One entry for each address, for all the tenants that it stands for."""
    by_address: dict[tuple[str, str], list[Entry]] = {}
    for entry in told:
        place = (entry.channel, entry.subscription.address)
        by_address.setdefault(place, []).append(entry)
    return [same[0] if len(same) == 1 else _one_of(same, aside) for same in by_address.values()]


def _one_of(same: list[Entry], aside: list[Entry]) -> Entry:
    chosen, *others = sorted(same, key=_most_specific_first)
    told_first = chosen.subscription.id
    aside += (
        Entry(other.subscription, Action.SKIP, SkipReason.DUPLICATE_OF, instead_of=told_first)
        for other in others
    )
    tenants = sorted({tenant for entry in same for tenant in entry.tenants})
    return replace(chosen, tenants=tuple(tenants))


def _most_specific_first(entry: Entry) -> tuple[bool, bool, bool, int, int, int, int]:
    """Sort key: a tenant's before staff's, told at once before digests, chosen services first, …"""
    one = entry.subscription
    return (
        one.tenant is None,
        one.digest is not None,
        not one.services,
        len(one.services),
        len(one.kinds),
        -severity_rank(one.minimum_severity),
        one.id,
    )
