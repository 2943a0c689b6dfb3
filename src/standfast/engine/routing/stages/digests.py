"""Digests: what can wait is collected until the time that the recipient chose."""

from __future__ import annotations

from datetime import datetime

from standfast.engine.health.severity import Severity
from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Remark
from standfast.engine.routing.notice import Notice, Subscription, Wish


def digest_until(
    one: Subscription, notice: Notice, circumstances: Circumstances
) -> tuple[datetime, Remark | None]:
    """When it is told. What is critical, or is followed, does not wait for a digest."""
    if one.digest is None:
        return circumstances.now, None
    if notice.severity == Severity.CRITICAL or one.wish is Wish.FOLLOW:
        return circumstances.now, Remark.TOO_URGENT_FOR_DIGEST
    return one.digest.next_after(circumstances.now), Remark.DIGEST
