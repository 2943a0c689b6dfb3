"""Seats: each visible issue with its audience, arranged so that a tenant's are found quickly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap

from standfast.apps.incidents.models import Issue

BUNDLE = 32
# Tenants whose seats are remembered until something changes.
MOST_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """One issue on the board. `released`: tenants that were told once and are no longer in.

    `issue` is its row without the long texts.
    """

    issue_id: int
    audience_id: int
    is_open: bool
    ended_at: datetime | None
    tenants: BitMap
    released: BitMap
    issue: Issue


@dataclass(frozen=True, slots=True)
class TenantSeats:
    """The seats that one tenant may see: open ones, and those of its history."""

    open: list[Seat]
    over: list[Seat]
    released: list[Seat]

    def history(self, since: datetime) -> dict[int, Seat]:
        """What ended since then, and what let the tenant go and is open or ended since."""
        found = {
            seat.issue_id: seat for seat in self.over if seat.ended_at and seat.ended_at >= since
        }
        for seat in self.released:
            if not seat.ended_at or seat.ended_at >= since:
                found[seat.issue_id] = seat
        return found


class Seating:
    """All seats at one moment; made anew when one changes, so threads need no lock."""

    def __init__(self, seats: Mapping[int, Seat], before: Seating | None = None) -> None:
        self.seats = seats
        self._open = [seat for seat in seats.values() if seat.is_open]
        self._over = [seat for seat in seats.values() if not seat.is_open]
        self._letting_go = [seat for seat in seats.values() if seat.released]
        # Bundling costs some milliseconds; most changes concern open issues alone.
        self._past: list[tuple[BitMap, list[Seat]]] = (
            before._past if before and before._over == self._over else bundled(self._over)
        )
        self._remembered: dict[int, TenantSeats] = {}

    def of(self, tenant: int) -> TenantSeats:
        """The seats of the tenant with this number."""
        found = self._remembered.get(tenant)
        if found is None:
            found = TenantSeats(
                open=[seat for seat in self._open if tenant in seat.tenants],
                over=[
                    seat
                    for somewhere, seats in self._past
                    if tenant in somewhere
                    for seat in seats
                    if tenant in seat.tenants
                ],
                released=[seat for seat in self._letting_go if tenant in seat.released],
            )
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[tenant] = found
        return found


def seat_of(issue: Issue, inside: BitMap, ever_released: BitMap) -> Seat:
    """The seat of an issue from the tenants inside its audience and those that it ever let go."""
    assert issue.audience_id is not None
    return Seat(
        issue_id=issue.pk,
        audience_id=issue.audience_id,
        is_open=issue.is_open,
        ended_at=issue.end_at,
        tenants=inside,
        released=ever_released - inside,
        issue=issue,
    )


def bundled(seats: list[Seat]) -> list[tuple[BitMap, list[Seat]]]:
    """Seats in bundles with everybody who is in one of them, so that most are never looked at.

    Audiences of like size go together: the many small ones make bundles that few tenants are in.
    """
    by_size = sorted(seats, key=lambda seat: len(seat.tenants))
    bundles = [by_size[start : start + BUNDLE] for start in range(0, len(by_size), BUNDLE)]
    return [(BitMap.union(*(seat.tenants for seat in bundle)), bundle) for bundle in bundles]
