"""Which tenants were told of a message, from bitmaps that are kept: stored ones never change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection

from pyroaring import BitMap

from standfast.apps.messagecenter.models import MessageAudience

MOST = 500

_kept: OrderedDict[int, BitMap] = OrderedDict()
_lock = threading.Lock()


def told_in(audience_ids: Collection[int], tenant: int) -> set[int]:
    """Those of the audiences that hold the tenant number; at most one query."""
    # One look each: another thread may drop one between two.
    found = {key: kept for key in audience_ids if (kept := _kept.get(key)) is not None}
    if missing := set(audience_ids) - found.keys():
        rows = MessageAudience.objects.filter(pk__in=missing).values_list("id", "tenants")
        read = {key: BitMap.deserialize(bytes(tenants)) for key, tenants in rows}
        found |= read
        with _lock:
            _kept.update(read)
            while len(_kept) > MOST:
                _kept.popitem(last=False)
    return {key for key, tenants in found.items() if tenant in tenants}


def told_tenants(audience: MessageAudience, group: str) -> BitMap:
    """The tenant numbers of one group of an audience: all, stayed or added; of visitors none."""
    tenants = BitMap.deserialize(bytes(audience.tenants))
    added = BitMap.deserialize(bytes(audience.added)) if audience.added else BitMap()
    match group:
        case "all":
            return tenants
        case "stayed":
            return tenants - added
        case "added":
            return added
        case "visitors":
            return BitMap()
    raise ValueError(f"group: {group} is none of all, stayed, added, visitors")


def forget_told() -> None:
    """Drop what was kept; for tests, whose ids begin anew."""
    with _lock:
        _kept.clear()
