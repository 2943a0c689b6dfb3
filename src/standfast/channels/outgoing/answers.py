"""What a receiver's answer means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from standfast.channels import details
from standfast.channels.contract import PermanentFailure, TemporaryFailure

#: Nobody makes us wait for longer.
LONGEST_WAIT: Final = timedelta(days=1)
#: Answers of the 4xx range that a later try may change.
_TEMPORARY: Final = frozenset({408, 425, 429})
#: For good; others of the 3xx range say that it is so for now.
_MOVED: Final = frozenset({301, 308})
#: What says that an address is dead, and so do others for some receivers.
GONE: Final = frozenset({410})


def judge(
    status: int,
    retry_after: str,
    body: str,
    *,
    now: datetime,
    gone: frozenset[int] = GONE,
) -> str:
    """The detail of a success (2xx); else raises what the answer means.

    `retry_after` is that header, `body` the beginning of the answer.
    """
    answer = f"{status} {body}".strip()
    if 200 <= status < 300:
        return str(status)
    if status in gone:
        raise PermanentFailure(details.GONE % {"answer": answer}, gone=True)
    if status in _MOVED:
        raise PermanentFailure(details.MOVED % {"status": status})
    if 400 <= status < 500 and status not in _TEMPORARY:
        raise PermanentFailure(details.REFUSES % {"answer": answer})
    detail = details.NOT_NOW % {"answer": answer}
    if 300 <= status < 400:
        detail = details.MOVED % {"status": status}
    raise TemporaryFailure(detail, retry_after=parse_wait(retry_after, now=now))


def parse_wait(value: str, *, now: datetime) -> timedelta | None:
    """How long a Retry-After header (seconds or a date) asks to wait, at most a day."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 86_400)), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), LONGEST_WAIT)
