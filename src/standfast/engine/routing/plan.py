"""The send plan of one notice: every subscription is in it once, told or not, with why.

The stages follow each other: who wants it, one address once, which channels of a person, when, and
who stands by for whom.
"""

from __future__ import annotations

from collections.abc import Iterable

from standfast.engine.routing.circumstances import Audience, Circumstances
from standfast.engine.routing.entries import Entry, SendPlan
from standfast.engine.routing.notice import Notice, Subscription
from standfast.engine.routing.stages.choosing import choose
from standfast.engine.routing.stages.ordering import put_in_order
from standfast.engine.routing.stages.standing import settle_standing
from standfast.engine.routing.stages.timing import give_times
from standfast.engine.routing.stages.uniqueness import once_per_address


def make_plan(
    notice: Notice,
    audience: Audience,
    subscriptions: Iterable[Subscription],
    circumstances: Circumstances,
) -> SendPlan:
    """Who is told of `notice`, over what, when and why; and why the others are not.

    `audience` holds tenant numbers (of a released notice, those released); beside it are told the
    provider's people, and visitors when the notice is public.
    """
    entries: list[Entry] = []
    told = choose(notice, audience, subscriptions, entries)
    told = once_per_address(told, entries)
    told = put_in_order(told, circumstances, entries)
    told = give_times(told, notice, circumstances)
    entries = [*told, *settle_standing(told, entries)]
    return SendPlan(tuple(sorted(entries, key=lambda entry: entry.subscription.id)))
