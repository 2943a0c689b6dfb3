"""Stage 5, who stands by for what: nobody for a digest, which its readers did not want sooner."""

from __future__ import annotations

from standfast.engine.routing.entries import Action, Entry, Remark, SkipReason


def settle_standing(told: list[Entry], aside: list[Entry]) -> list[Entry]:
    """What was set aside, with those that would stand by for a digest skipped instead."""
    collected = {
        entry.subscription.id
        for entry in told
        if entry.action is Action.HOLD and Remark.DIGEST in entry.remarks
    }
    before = {
        entry.subscription.id: entry.instead_of
        for entry in aside
        if entry.action is Action.STAND_BY
    }
    settled = []
    for entry in aside:
        first = entry.instead_of
        while first in before:
            first = before[first]
        if entry.action is Action.STAND_BY and first in collected:
            one = entry.subscription
            settled.append(Entry(one, Action.SKIP, SkipReason.TOLD_ELSEWHERE, instead_of=first))
        else:
            settled.append(entry)
    return settled
