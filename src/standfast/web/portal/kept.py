"""The part of a dashboard that is the same for everybody of a tenant, kept while it is true.

When a service fails, all its people look at once. What they see of issues is kept under the mark of
the tenant's issues, so a change shows at once; all else on it (relative times, names of services)
is at most a minute old. A process keeps so many; the ones not asked for longest go first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.utils.safestring import SafeString

MOST = 1_000


@dataclass(frozen=True, slots=True)
class HealthParts:
    """Rendered parts of the page: what is now, and what was resolved lately."""

    now: SafeString
    past: SafeString


_kept: OrderedDict[Hashable, HealthParts] = OrderedDict()
_lock = threading.Lock()


def kept(key: Hashable, make: Callable[[], HealthParts]) -> HealthParts:
    """What is kept under the key; made, and kept, when there is nothing yet."""
    with _lock:
        if found := _kept.get(key):
            _kept.move_to_end(key)
            return found
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made
