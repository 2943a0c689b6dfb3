"""Stage 4, when: at once, together with others, or when the quiet hours are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Action, Entry, Remark
from standfast.engine.routing.notice import Notice, Subscription
from standfast.engine.routing.stages.bursts import burst_until
from standfast.engine.routing.stages.digests import digest_until
from standfast.engine.routing.stages.quiet import quiet_until


def give_times(told: list[Entry], notice: Notice, circumstances: Circumstances) -> list[Entry]:
    """Each entry told now, or held until the time that its recipient asked for.

    A program is never held: it does its own waiting.
    """
    return [
        _timed(entry, notice, circumstances) if _may_wait(entry.subscription) else entry
        for entry in told
    ]


def _may_wait(one: Subscription) -> bool:
    """Whether there is anything to wait for; for most there is not."""
    chose = one.digest is not None or one.quiet is not None or one.last_told is not None
    return chose and not one.program


def _timed(entry: Entry, notice: Notice, circumstances: Circumstances) -> Entry:
    now, one = circumstances.now, entry.subscription
    remarks = list(entry.remarks)
    until: datetime = now
    # What is told beside a channel in doubt takes its place, so it cannot wait for a digest.
    stages = (burst_until,) if Remark.BESIDE_DOUBTFUL in remarks else (digest_until, burst_until)
    for stage in stages:
        later, remark = stage(one, notice, circumstances)
        if remark is not None:
            remarks.append(remark)
        if later > until:
            until = later
            break
    later, remark = quiet_until(one, notice, until)
    if remark is not None:
        remarks.append(remark)
    until = max(until, later)
    if until <= now:
        return replace(entry, remarks=tuple(remarks))
    return replace(entry, action=Action.HOLD, until=until, remarks=tuple(remarks))
