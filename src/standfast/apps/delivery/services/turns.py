"""A delivery's turn: sent, held until the night is over, or not wanted any more; with why.

The person's chain is judged anew by the send plan's own rules (`engine.routing.turns`), for the
choices, the failures and the hour of this moment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from standfast.apps.delivery.models import Delivery, Notice
from standfast.apps.delivery.queries.heard import burst_window
from standfast.apps.delivery.queries.recipients import Recipient, recipients_named
from standfast.apps.delivery.queries.trouble import failing_at
from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Action, Entry, SkipReason
from standfast.engine.routing.notice import Notice as Told
from standfast.engine.routing.turns import take_turn

# One that is told although its own turn had not come: the one before it is in doubt.
BESIDE = "beside"
# Until the next release, which tells together what is for the same subscription.
_HELD_SHORTLY: Mapping[str, Any] = {
    "state": "held",
    "next_attempt_at": None,
    "released_at": None,
}


def start(due: Iterable[Delivery], why: str, *, now: datetime) -> int:
    """Let each of these, which stand by, take its turn. Returns how many did."""
    by_notice: dict[int, list[Delivery]] = defaultdict(list)
    for delivery in due:
        by_notice[delivery.notice_id].append(delivery)
    if not by_notice:
        return 0
    around = Circumstances(now, failing_at(now), burst_window())
    notices = Notice.objects.select_related("issue").in_bulk(by_notice)
    changes: list[tuple[Delivery, dict[str, Any]]] = []
    for notice_id, ones in by_notice.items():
        changes += _turns(notices[notice_id], ones, why, around)
    return _store(changes, now)


def _turns(
    notice: Notice, ones: list[Delivery], why: str, around: Circumstances
) -> list[tuple[Delivery, dict[str, Any]]]:
    if not notice.told:  # a warning, which waits for nothing; or planned by an earlier version
        return [(one, _start_at_once(one.because, why, around.now)) for one in ones]
    chains = _chains(ones)
    ids = {each.subscription_id for chain in chains for each in chain if each.subscription_id}
    known = recipients_named(ids, now=around.now, issue=notice.issue)
    changes = []
    for chain in chains:
        rows = {each.subscription_id: each for each in chain}
        for entry in _entries(notice, chain, known, around):
            row = rows[entry.subscription.id]
            changes.append((row, _change(row, entry, why if row is chain[0] else BESIDE, around)))
        if chain[0].subscription_id not in known:  # deleted meanwhile
            changes.append((chain[0], {"state": "cancelled"}))
    return changes


def _chains(ones: list[Delivery]) -> list[list[Delivery]]:
    """Each with those that stand by for it, in their order."""
    chains = {one.pk: [one] for one in ones}
    last = dict(chains)
    while last:
        after = Delivery.objects.filter(state="standby", fallback_of__in=list(last))
        found = {}
        for one in after.order_by("id"):
            chain = last[one.fallback_of_id or 0]
            chain.append(one)
            found[one.pk] = chain
        last = found
    return list(chains.values())


def _entries(
    notice: Notice,
    chain: list[Delivery],
    known: Mapping[int, Recipient],
    around: Circumstances,
) -> tuple[Entry, ...]:
    waiting = [known[pk].wanted for each in chain if (pk := each.subscription_id) in known and pk]
    return take_turn(Told.from_json(notice.told), waiting, around)


def _change(row: Delivery, entry: Entry, why: str, around: Circumstances) -> dict[str, Any]:
    now = around.now
    if isinstance(entry.reason, SkipReason):
        kept = {**row.because, "skipped": entry.reason.value}
        return {"state": "cancelled", "because": kept}
    because: dict[str, Any] = {"remarks": [remark.value for remark in entry.remarks]}
    if entry.failing:
        because["failing"] = sorted(entry.failing)
    if entry.action is Action.HOLD:
        return {"state": "held", "held_until": entry.until, "because": _started(because, why, now)}
    return _start_at_once(because, why, now)


def _start_at_once(because: dict[str, Any], why: str, now: datetime) -> dict[str, Any]:
    return {
        "state": "pending",
        "next_attempt_at": now,
        "released_at": now,
        "because": _started(because, why, now),
    }


def _started(because: dict[str, Any], why: str, now: datetime) -> dict[str, Any]:
    """With why and when its turn came: the time of release may be a later one."""
    return {**because, "started": why, "started_at": now.isoformat()}


def _store(changes: list[tuple[Delivery, dict[str, Any]]], now: datetime) -> int:
    """Carry it out. What starts together for one subscription is told together."""
    starting = Counter(
        row.subscription_id for row, change in changes if change["state"] == "pending"
    )
    count = 0
    for row, change in changes:
        together = change["state"] == "pending" and starting[row.subscription_id] > 1
        # By state again: another worker may have started it meanwhile.
        count += Delivery.objects.filter(pk=row.pk, state="standby").update(
            **({**change, **_HELD_SHORTLY, "held_until": now} if together else change)
        )
    return count
