"""The next channel's turn: when one did not get through, the others of the person are judged anew.

By the rules of the first plan, at the moment when they start: what the person chose, which channels
are in doubt, digests, bursts and quiet hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Entry, Remark
from standfast.engine.routing.notice import Notice, Subscription
from standfast.engine.routing.stages.choosing import choose
from standfast.engine.routing.stages.ordering import judged, used_first
from standfast.engine.routing.stages.timing import give_times


def take_turn(
    notice: Notice, waiting: Sequence[Subscription], circumstances: Circumstances
) -> tuple[Entry, ...]:
    """What becomes of the channels of one person that stand by, given in their order.

    The next is told or held. While it is in doubt, the first without a doubt is told beside it;
    when all are, all are used. Who no longer wants it is skipped. Those that go on standing by are
    not in the result. All were in the audience when planned; that is not asked again.
    """
    skipped: list[Entry] = []
    wanting = choose(notice, _Planned(), waiting, skipped)
    ranked = [judged(entry, circumstances) for entry in wanting]
    if ranked and all(entry.failing for entry in ranked):
        used = [
            replace(entry, remarks=(Remark.NEXT_CHOICE, Remark.ONLY_DOUBTFUL)) for entry in ranked
        ]
    else:
        used = used_first(ranked, Remark.NEXT_CHOICE) if ranked else []
    return (*skipped, *give_times(used, notice, circumstances))


class _Planned:
    """The audience of what is planned already."""

    def __contains__(self, tenant: int, /) -> bool:
        return True
