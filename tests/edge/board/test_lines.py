"""Written lines of services are shared, and never more than there is room for."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from standfast.edge.board import lines
from standfast.edge.board.bars import BAR_DAYS
from standfast.edge.board.issues import Mark
from standfast.edge.board.lines import Line, LineStore

TODAY = date(2026, 11, 26)
HERE = (Mark(b'"SF1"', "serviceDegradation", datetime(2026, 11, 26, 9, tzinfo=UTC)),)


def a_store() -> LineStore:
    names = {5: "mail", 9: "files"}
    found = {
        key: Line(column, b'"%b"' % name.encode(), b'"%b"' % name.encode(), {})
        for column, (key, name) in enumerate(names.items())
    }
    return LineStore(TODAY, found)


def test_lines_come_by_column_with_the_open_issues_of_their_service() -> None:
    store = a_store()
    mail, files = (json.loads(by_past[0]) for by_past in store.of({9: HERE}))
    assert (mail["key"], mail["status"], mail["open_issues"]) == ("mail", "serviceOperational", [])
    assert (files["key"], files["status"]) == ("files", "serviceDegradation")
    assert files["open_issues"] == ["SF1"]
    assert files["days"][-1] == {"day": "2026-11-26", "status": "serviceDegradation"}
    assert store.columns_of((9, 5)) == (1, 0)


def test_groups_share_what_is_written() -> None:
    store = a_store()
    assert store.of({})[0][3] is store.of({9: HERE})[0][3]
    assert store.of({9: HERE})[1][3] is store.of({9: HERE})[1][3]


def test_there_is_room_for_so_many_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_LINES", 4)
    store = a_store()
    begun = store.of({9: HERE})
    for past in range(BAR_DAYS):
        first = [by_past[1 << past] for by_past in begun]
        assert sum(map(len, begun)) <= 4
        assert [by_past[1 << past] for by_past in store.of({9: HERE})] == first
        assert sum(map(len, store.of({}))) <= 4
