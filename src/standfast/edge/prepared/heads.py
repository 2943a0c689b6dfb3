"""Watching over heads: a client that begins a request has to end its head soon, and keep it short.

Neither uvicorn nor its parser sets a limit: a head without an end would fill the memory, and one
that never goes on would hold its connection for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

#: Bytes of a head, also of lines between and behind the pieces of a body; browsers send a few
#: thousand. What comes in one piece of the network (256 KB) may be longer.
LONGEST_HEAD: Final = 65_536
#: From the opening of a connection, or the first byte of a later request, to the end of the head.
HEAD_SECONDS: Final = 20.0


class HeadWatch:
    """What one connection is still owed. `late` is called when its head does not come in time."""

    __slots__ = ("_late", "_loop", "_open", "_size", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, late: Callable[[], None]) -> None:
        self._loop = loop
        self._late = late
        self._open = False
        self._size = 0
        self._timer: asyncio.TimerHandle | None = None

    def wait(self) -> None:
        """Give the client its time, unless it runs already."""
        if self._timer is None:
            self._timer = self._loop.call_later(HEAD_SECONDS, self._end)

    def begin(self) -> None:
        """A head begins."""
        self._open = True

    def end(self) -> None:
        """The head is whole, the connection is gone, or nothing is waited for any more."""
        self._open, self._size = False, 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def progress(self) -> None:
        """Something came that needs no limit here: a piece of a body, or its end."""
        self._size = 0

    def received(self, count: int) -> None:
        """Bytes came, and will be parsed now."""
        self._size += count

    def is_too_long(self) -> bool:
        """Asked when they were parsed; a head that is not whole by then has its time."""
        if self._open:
            self.wait()
        return self._size > LONGEST_HEAD

    def _end(self) -> None:
        self._timer = None
        self._late()
