"""Stage 3, which channels of a person: the first that can be trusted, the others stand by.

A channel is in doubt while it needs something that is failing for the recipient. It is not used
alone: the first channel without a doubt is told beside it. When all are in doubt, all are used.
"""

from __future__ import annotations

from dataclasses import replace

from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Action, Entry, Remark


def put_in_order(
    told: list[Entry], circumstances: Circumstances, aside: list[Entry]
) -> list[Entry]:
    """The entries that are told; those that stand by are set aside."""
    in_order: list[Entry] = []
    by_person: dict[str, list[Entry]] = {}
    for entry in told:
        found = judged(entry, circumstances)
        if person := entry.subscription.person:
            by_person.setdefault(person, []).append(found)
        else:
            in_order.append(_alone(found))
    for channels in by_person.values():
        if len(channels) == 1:
            in_order.append(_alone(channels[0]))
        else:
            _put_person_in_order(channels, in_order, aside)
    return in_order


def judged(entry: Entry, circumstances: Circumstances) -> Entry:
    """The entry with the needs of its channel that are in doubt."""
    doubts = circumstances.doubts(entry.subscription.needs, entry.tenants)
    return replace(entry, failing=doubts) if doubts else entry


def _alone(entry: Entry) -> Entry:
    return replace(entry, remarks=(Remark.ONLY_DOUBTFUL,)) if entry.failing else entry


def _put_person_in_order(channels: list[Entry], in_order: list[Entry], aside: list[Entry]) -> None:
    channels.sort(key=lambda entry: (entry.subscription.rank, entry.subscription.id))
    always = [entry for entry in channels if entry.subscription.always]
    ranked = [entry for entry in channels if not entry.subscription.always]
    doubt = Remark.ONLY_DOUBTFUL if all(one.failing for one in channels) else Remark.DOUBTFUL
    in_order += (
        replace(entry, remarks=(Remark.ALWAYS, *([doubt] if entry.failing else [])))
        for entry in always
    )
    if not ranked:
        return
    if all(entry.failing for entry in channels):
        in_order += (replace(entry, remarks=(Remark.ONLY_DOUBTFUL,)) for entry in ranked)
        return
    used = used_first(ranked, Remark.FIRST_CHOICE)
    in_order += used
    told = {entry.subscription.id for entry in used}
    waiting = [entry for entry in ranked if entry.subscription.id not in told]
    waiting.sort(key=lambda entry: bool(entry.failing))  # stays in order otherwise
    before = used[-1].subscription.id
    for entry in waiting:
        remarks = (Remark.NEXT_CHOICE, *([doubt] if entry.failing else []))
        aside.append(replace(entry, action=Action.STAND_BY, remarks=remarks, instead_of=before))
        before = entry.subscription.id


def used_first(ranked: list[Entry], remark: Remark) -> list[Entry]:
    """The first choice, and beside one in doubt the first without a doubt, if there is one."""
    first = ranked[0]
    if not first.failing:
        return [replace(first, remarks=(remark,))]
    used = [replace(first, remarks=(remark, Remark.DOUBTFUL))]
    trusted = next((entry for entry in ranked if not entry.failing), None)
    if trusted is not None:
        used.append(replace(trusted, remarks=(Remark.BESIDE_DOUBTFUL,)))
    return used
