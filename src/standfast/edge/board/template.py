"""The dashboard of tenants that have the same open issues, with places for what is each one's own:
the numbers of its people and the lines of its services.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from standfast.edge.board.issues import Group, OpenIssue
from standfast.edge.board.lines import Lines, LineStore


class Template:
    """The dashboard of a group."""

    def __init__(self, group: Group, store: LineStore) -> None:
        due = (each.next_update_by for each in group.listed if each.next_update_by)
        self._opening = b'{"open_count": %d, "affected_users": %%d, "next_update_by": %b, ' % (
            *(len(group.listed), _moment(min(due, default=None))),
        )
        self._opening += b'"services": ['
        self._closing = _cut_at_numbers(group.listed)
        self._users = [(each.users, each.tenants.rank) for each in group.listed]
        self._store = store
        self._marks = {
            service: tuple(each.mark for each in here) for service, here in group.of_service.items()
        }
        self._forms: dict[tuple[int, ...], Form] = {}

    def filled(self, tenant: int, services: tuple[int, ...], past: Sequence[int]) -> list[bytes]:
        """The dashboard of the tenant with this number, in pieces that are mostly shared.

        The tenant must be in the audience of all issues; `past` are its masks of days, by column.
        """
        blank, end_of_lines, lines = self._forms.get(services) or self._form(services)
        users = [counts[rank(tenant) - 1] for counts, rank in self._users]
        pieces = blank.copy()
        pieces[0] = self._opening % max(users, default=0)
        pieces[1:end_of_lines:2] = [by_past[past[column]] for column, by_past in lines]
        pieces[end_of_lines + 1 :: 2] = [b"%d" % each for each in users]
        return pieces

    def _form(self, services: tuple[int, ...]) -> Form:
        lines = [
            (self._store.column_of(service), self._store.of(service, self._marks.get(service, ())))
            for service in services
        ]
        places = ([b"", b", "] * len(lines))[:-1]
        form = self._forms[services] = (
            [b"", *places, *self._closing],
            1 + len(places),
            lines,
        )
        return form


#: A dashboard without what is a tenant's own, where its lines end, and its lines by past.
Form: TypeAlias = tuple[list[bytes], int, list[tuple[int, Lines]]]


def _cut_at_numbers(issues: Sequence[OpenIssue]) -> list[bytes]:
    """What follows the lines of services; every second piece is for a number of users."""
    pieces = [b'], "issues": [']
    for each in issues:
        pieces[-1] += each.head
        pieces += [b"", each.tail + b", "]
    pieces[-1] = pieces[-1].removesuffix(b", ") + b"]}"
    return pieces


def _moment(at: datetime | None) -> bytes:
    """As Django writes times into JSON: milliseconds, when there are any."""
    if at is None:
        return b"null"
    text = at.isoformat()
    if at.microsecond:
        text = text[:23] + text[26:]
    return f'"{text.removesuffix("+00:00")}Z"'.encode()
