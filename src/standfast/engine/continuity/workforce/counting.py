"""How many people can work, given what of each spot is open.

People are placed so that as many as possible can work. The count is the smallest of a few sums (the
least cut of a flow), one for each choice of crowded spots: seats there, plus everybody who can go
somewhere else. Each sum only falls when something fails, so the count does, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from standfast.engine.continuity.workforce.units import HEAD, UNIT, part

# What of a spot is open: the share (in units) of people who can be there, and how many of them (in
# thousandths of a person) find a way to work; None: all.
Opening = tuple[int, int | None]
CLOSED: Opening = (0, 0)
# (thousandths of people, numbers of the spots where they can work, the normal one first)
Crowd = tuple[int, tuple[int, ...]]


def able(health: int, crowds: Sequence[Crowd], openings: Sequence[Opening]) -> int:
    """Count the people, in thousandths. `health`: the share of the group that is well, in units.

    What illness and closed places take adds up: it is taken to hit different people.
    """
    if health <= 0:
        return 0
    lost = UNIT - health
    best = _uncrowded(lost, crowds, openings, ())
    limited = [
        number
        for number, (presence, seats) in enumerate(openings)
        if seats is not None and presence > 0
    ]
    for size in range(1, len(limited) + 1):
        for chosen in combinations(limited, size):
            taken = sum(openings[number][1] or 0 for number in chosen)
            if taken < best:
                best = min(best, taken + _uncrowded(lost, crowds, openings, chosen))
    return best


def _uncrowded(
    lost: int, crowds: Sequence[Crowd], openings: Sequence[Opening], without: Sequence[int]
) -> int:
    """Everybody who can be somewhere outside of these spots, if seats were no matter there."""
    total = 0
    for people, spots in crowds:
        if not spots:
            total += part(people, UNIT - lost)
            continue
        most = 0
        for number in spots:
            presence = openings[number][0]
            if presence > most and number not in without:
                most = presence
        if most > lost:
            total += people * (most - lost) // UNIT
    return total


def placed(
    health: int, crowds: Sequence[Crowd], openings: Sequence[Opening]
) -> tuple[list[int], int]:
    """Say how many work at each spot and how many wherever they are, in thousandths.

    One of the ways to place them all, normal places first; `able` is the sum.
    """
    lost = UNIT - health
    free = 0
    pieces: list[Crowd] = []
    for people, spots in crowds:
        if not spots:
            free += part(people, max(0, UNIT - lost))
            continue
        pieces.extend(_pieces(people, spots, lost, openings))
    flow = _Flow(pieces, [seats for _, seats in openings])
    return flow.filled(), free


def _pieces(
    people: int, spots: tuple[int, ...], lost: int, openings: Sequence[Opening]
) -> list[Crowd]:
    """Cut a crowd where fewer of it can be at one of the spots."""
    reach = [(number, part(people, max(0, openings[number][0] - lost))) for number in spots]
    cuts = sorted({0, *(count for _, count in reach)})
    return [
        (upper - lower, tuple(number for number, count in reach if count >= upper))
        for lower, upper in pairwise(cuts)
    ]


class _Flow:
    """Places pieces one by one, and moves others aside where that makes room."""

    def __init__(self, pieces: Sequence[Crowd], seats: Sequence[int | None]) -> None:
        self._pieces, self._seats = pieces, seats
        self._at = [[0] * len(seats) for _ in pieces]  # people of a piece at a spot

    def filled(self) -> list[int]:
        for rank in range(max((len(spots) for _, spots in self._pieces), default=0)):
            for number, (people, spots) in enumerate(self._pieces):
                left = people - sum(self._at[number])
                if rank < len(spots) and left:
                    self._at[number][spots[rank]] += min(left, self._room(spots[rank]))
        for number, (people, _) in enumerate(self._pieces):
            while (left := people - sum(self._at[number])) and self._push(number, left):
                pass
        return [sum(row[spot] for row in self._at) for spot in range(len(self._seats))]

    def _room(self, spot: int) -> int:
        limit = self._seats[spot]
        taken = sum(row[spot] for row in self._at)
        return sum(people for people, _ in self._pieces) if limit is None else limit - taken

    def _push(self, piece: int, amount: int) -> bool:
        """Find room along a chain of moves (breadth first), and move as many as fit."""
        came: dict[int, tuple[int, int]] = {}  # spot -> (piece that would go there, spot it left)
        queue = [(piece, -1)]
        for mover, left in queue:
            for spot in self._pieces[mover][1]:
                if spot in came:
                    continue
                came[spot] = (mover, left)
                if self._room(spot) > 0:
                    self._shift(spot, came, min(amount, self._room(spot)))
                    return True
                queue.extend(
                    (other, spot)
                    for other, row in enumerate(self._at)
                    if row[spot] and other != mover
                )
        return False

    def _shift(self, spot: int, came: dict[int, tuple[int, int]], amount: int) -> None:
        chain = []
        here = spot
        while here != -1:
            mover, left = came[here]
            chain.append((mover, left, here))
            here = left
        for mover, left, _ in chain:
            if left != -1:
                amount = min(amount, self._at[mover][left])
        for mover, left, to in chain:
            if left != -1:
                self._at[mover][left] -= amount
            self._at[mover][to] += amount


def heads(thousandths: int) -> int:
    """Whole people."""
    return thousandths // HEAD
