"""How many users of one tenant an audience counted, without a row per tenant.

Audiences never change once stored, so unpacked ones are kept up to a limit of bytes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from standfast.apps.incidents.models import AudienceVersion
from standfast.engine.targeting import StoredAudience, unpack_audience

LIMIT_BYTES = 64_000_000

_kept: OrderedDict[int, StoredAudience] = OrderedDict()
_bytes = 0
_lock = threading.Lock()


def users_in(audience_ids: Iterable[int], tenant: int) -> dict[int, int]:
    """The tenant's users in each audience (0 when it is not in); at most one query."""
    found = stored_audiences(audience_ids)
    return {key: _users_of(audience, tenant) for key, audience in found.items()}


def stored_audiences(audience_ids: Iterable[int]) -> dict[int, StoredAudience]:
    """Audiences with the users of each tenant; at most one query."""
    wanted = set(audience_ids)
    # One look each: another thread may drop an audience between two.
    audiences = {key: kept for key in wanted if (kept := _kept.get(key)) is not None}
    if missing := wanted - audiences.keys():
        rows = AudienceVersion.objects.filter(pk__in=missing).values_list("id", "packed")
        for key, packed in rows:
            audiences[key] = unpack_audience(bytes(packed))
            _keep(key, audiences[key])
    return audiences


def _users_of(audience: StoredAudience, tenant: int) -> int:
    if tenant not in audience.tenants:
        return 0
    return int(audience.users[audience.tenants.rank(tenant) - 1])


def _keep(key: int, audience: StoredAudience) -> None:
    global _bytes  # noqa: PLW0603 - one cache a process, under one lock
    with _lock:
        if key not in _kept:
            _kept[key] = audience
            _bytes += audience.users.nbytes
        while _bytes > LIMIT_BYTES and len(_kept) > 1:
            _, dropped = _kept.popitem(last=False)
            _bytes -= dropped.users.nbytes


def forget_audiences() -> None:
    """Drop what was kept; for tests, whose ids begin anew."""
    global _bytes  # noqa: PLW0603 - see above
    with _lock:
        _kept.clear()
        _bytes = 0
