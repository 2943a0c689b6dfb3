"""Rendered parts, kept while they are true.

When a service fails, all its people look at once. What is the same for many of them is rendered
once: an issue's line for all tenants, the dashboard's health for all people of one tenant. The key
names everything that a part depends on, so a change shows at once. The parts that are not asked
for longest go first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Part = TypeVar("Part")
_everything: WeakSet[Kept[Any]] = WeakSet()


class Kept(Generic[Part]):
    """At most `most` parts by key, for all threads of the process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: OrderedDict[Hashable, Part] = OrderedDict()
        self._lock = threading.Lock()
        _everything.add(self)

    def forget(self) -> None:
        """Drop all parts."""
        with self._lock:
            self._parts.clear()

    def get(self, key: Hashable, make: Callable[[], Part]) -> Part:
        """What is kept under the key; made, and kept, when there is nothing yet."""
        with self._lock:
            if (found := self._parts.get(key)) is not None:
                self._parts.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._parts[key] = made
            while len(self._parts) > self._most:
                self._parts.popitem(last=False)
        return made


def forget_parts() -> None:
    """Drop what is kept; for tests, in whose databases ids begin anew."""
    for kept in list(_everything):
        kept.forget()
