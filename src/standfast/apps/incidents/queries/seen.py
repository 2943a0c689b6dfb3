"""Which issues a tenant may be told of, for places that mention issues by the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from standfast.apps.incidents.queries.board import current_board
from standfast.apps.tenancy.models import Organisation


def seen_by(tenant: Organisation, issue_ids: Iterable[int], *, now: datetime) -> set[int]:
    """Those of the issues that are on the board for the tenant, released ones included."""
    if tenant.number is None:
        return set()
    board = current_board(now)
    seats = ((key, board.seat(key)) for key in issue_ids)
    return {
        key
        for key, seat in seats
        if seat and (tenant.number in seat.tenants or tenant.number in seat.released)
    }
