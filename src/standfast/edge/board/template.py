"""The dashboard of tenants that have the same open issues, with places for what is each one's own:
the numbers of its people and the lines of its services.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from standfast.edge.board.issues import Group, OpenIssue
from standfast.edge.board.lines import LineStore

#: Small numbers as text, since numbers of people are.
_NUMBERS: Final = [b"%d" % each for each in range(2_048)]


class Template:
    """The dashboard of a group."""

    def __init__(self, group: Group, store: LineStore) -> None:
        due = (each.next_update_by for each in group.listed if each.next_update_by)
        self._opening = (
            b'{"open_count": %d, "affected_users": %%b, "next_update_by": %b, "services": ['
            % (len(group.listed), _moment(min(due, default=None)))
        )
        self._closing = _cut_at_numbers(group.listed)
        self._users = [each.users_of for each in group.listed]
        self._lines = store.of(
            {
                service: tuple([each.mark for each in here])
                for service, here in group.of_service.items()
            }
        )

    def filled(self, tenant: int, columns: Sequence[int], past: Sequence[int]) -> list[bytes]:
        """The dashboard of the tenant with this number, in pieces that are mostly shared.

        The tenant must be in the audience of all issues; `columns` are those of its services, in
        their order, and `past` its masks of days, by column.
        """
        lines = self._lines
        users = [users_of(tenant) for users_of in self._users]
        pieces = [b", "] * (2 * len(columns) or 1)
        pieces[0] = self._opening % _text(max(users, default=0))
        pieces[1::2] = [lines[column][past[column]] for column in columns]
        closing = self._closing.copy()
        closing[1::2] = [_text(each) for each in users]
        pieces += closing
        return pieces


def _text(number: int) -> bytes:
    return _NUMBERS[number] if number < len(_NUMBERS) else b"%d" % number


def _cut_at_numbers(issues: Sequence[OpenIssue]) -> list[bytes]:
    """What follows the lines of services; every second piece is for a number of users."""
    pieces = [b'], "issues": [']
    for each in issues:
        pieces[-1] += each.head
        pieces += [b"", each.tail + b", "]
    pieces[-1] = pieces[-1].removesuffix(b", ") + b"]}"
    return pieces


@lru_cache(maxsize=1_024)
def _moment(at: datetime | None) -> bytes:
    """As Django writes times into JSON: milliseconds, when there are any."""
    if at is None:
        return b"null"
    text = at.isoformat()
    if at.microsecond:
        text = text[:23] + text[26:]
    return f'"{text.removesuffix("+00:00")}Z"'.encode()
