"""Lists of people in CSV: a row for each person, or for so many of a group at a place.

The header is found by what its columns are called, in English or Chinese; encodings and separators
are those that spreadsheets write.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from standfast.engine.continuity.importing.faults import Faults, check_size, refuse
from standfast.engine.continuity.importing.network import Fragment, Names, short_name
from standfast.engine.continuity.importing.texts import decoded
from standfast.engine.continuity.model import Amount, Group, Location, LocationKind, Place

COLUMNS: dict[str, tuple[str, ...]] = {
    "group": ("group", "team", "department", "dept", "function", "group name",
              "單位", "部門", "組別", "團隊"),
    "location": ("location", "site", "office", "base", "base location", "place", "city",
                 "地點", "據點", "辦公室", "工作地點"),
    "heads": ("heads", "count", "head count", "headcount", "people", "number", "人數"),
    "role": ("role", "job title", "job", "position", "title", "職稱", "職務", "角色"),
    "remote": ("remote", "can work elsewhere", "works from home", "home office", "wfh", "laptop",
               "can work remotely", "遠距", "可遠距", "居家", "在家工作"),
    "unit": ("unit", "business unit", "事業單位", "事業處"),
}  # fmt: skip
_YES = {"yes", "y", "true", "1", "x", "是", "可", "有"}
_NO = {"no", "n", "false", "0", "", "-", "否", "不可", "無"}
_HEADER_ROWS = 20
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*[%％]")


@dataclass(slots=True)
class _Gathered:
    """What the rows say of one group."""

    title: str
    heads: int = 0
    remote: int = 0
    places: dict[str, int] = field(default_factory=dict)
    roles: dict[str, None] = field(default_factory=dict)
    units: dict[str, None] = field(default_factory=dict)


def read_people(
    content: bytes,
    *,
    elsewhere: str = "home",
    known: Callable[[str], str | None] | None = None,
    taken: Iterable[str] = (),
) -> Fragment:
    """Count people by group, place and whether they can work elsewhere.

    `elsewhere` names the location where those with a yes (or so many per cent) can work. `known`
    gives the name of a location that the model has already, for what the file calls it. Raises
    ImportRefused with the lines and columns that are wrong.
    """
    check_size(content)
    rows = _rows(decoded(content))
    line, columns = _header(rows)
    faults = Faults()
    groups: dict[str, _Gathered] = {}
    for number, row in rows:
        if number > line and any(cell.strip() for cell in row):
            _take(row, number, columns, groups, faults)
    if not groups and not faults.found:
        faults.add(line, "", "there is no row below the header")
    faults.done()
    return _fragment(groups, elsewhere, known or (lambda _label: None), taken)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    sample = text[:4096]
    delimiter = max("\t;,", key=sample.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    rows = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))  # noqa: PERF401 - the line is known only here
    except csv.Error as error:
        raise refuse(reader.line_num, "", f"this is not CSV: {error}") from error
    return rows


def _header(rows: Sequence[tuple[int, list[str]]]) -> tuple[int, dict[str, int]]:
    """The first line near the top that names a group column, and where its columns are."""
    for number, row in rows[:_HEADER_ROWS]:
        cells = [re.sub(r"[\s_\-]+", " ", cell).strip().casefold() for cell in row]
        found = {
            meaning: cells.index(name)
            for meaning, names in COLUMNS.items()
            for name in reversed(names)
            if name in cells
        }
        if "group" in found:
            return number, found
    known = ", ".join(f"“{name}”" for name in COLUMNS["group"][:4])
    first = ", ".join(cell.strip() for cell in rows[0][1])[:80] if rows else ""
    raise refuse(
        rows[0][0] if rows else 0,
        "",
        f"no column says the group ({known}, …); found: {first or '-'}",
    )


def _take(
    row: list[str],
    line: int,
    columns: dict[str, int],
    groups: dict[str, _Gathered],
    faults: Faults,
) -> None:
    cells = {
        meaning: row[place].strip() if place < len(row) else ""
        for meaning, place in columns.items()
    }
    heads, remote = _heads(cells, line, faults), _share(cells, line, faults)
    title = cells["group"]
    if not short_name(title):
        faults.add(line, "group", "the row does not say which group")
    if heads is None or remote is None:
        return
    group = groups.setdefault(title.casefold(), _Gathered(title))
    group.heads += heads
    group.remote += int(heads * remote + 1e-9)
    if cells.get("location"):
        group.places[cells["location"]] = group.places.get(cells["location"], 0) + heads
    for meaning, where in (("role", group.roles), ("unit", group.units)):
        if cells.get(meaning):
            where[cells[meaning]] = None


def _heads(cells: dict[str, str], line: int, faults: Faults) -> int | None:
    text = cells.get("heads")
    if text is None:
        return 1
    plain = text.replace(",", "").replace(" ", "")
    if not plain.isdecimal() or len(plain) > 9:
        faults.add(line, "heads", f"a whole number of people is needed, not “{text[:40]}”")
        return None
    return int(plain)


def _share(cells: dict[str, str], line: int, faults: Faults) -> float | None:
    text = cells.get("remote", "").casefold()
    if text in _NO:
        return 0.0
    if text in _YES:
        return 1.0
    found = _PERCENT.fullmatch(text)
    share = float(found[1].replace(",", ".")) / 100 if found else 2.0
    if share > 1.0:
        faults.add(
            line, "remote", f"yes, no or a share such as “40 %” is needed, not “{text[:40]}”"
        )
        return None
    return share


def _fragment(
    groups: dict[str, _Gathered],
    elsewhere: str,
    known: Callable[[str], str | None],
    taken: Iterable[str],
) -> Fragment:
    names = Names(taken)
    locations: dict[str, Location] = {}
    name_of: dict[str, str] = {}

    def location(label: str, kind: LocationKind) -> str:
        key = short_name(label)
        if key not in name_of:
            name = known(label) or names.give(label, "location")
            name_of[key] = name
            if known(label) is None:
                locations[name] = Location(name, kind=kind, title=label if label != name else "")
        return name_of[key]

    found: dict[str, Group] = {}
    for gathered in groups.values():
        places = [
            Place(location(label, LocationKind.SITE), Amount(count=heads))
            for label, heads in gathered.places.items()
            if heads
        ]
        home = [
            Place(location(elsewhere, LocationKind.HOME), Amount(count=gathered.remote))
            for _ in range(1 if gathered.remote else 0)
        ]
        name = names.give(gathered.title, "group")
        found[name] = Group(
            name,
            gathered.heads,
            places=tuple(places),
            elsewhere=tuple(home),
            title=gathered.title if gathered.title != name else "",
            roles=tuple(gathered.roles),
            unit=", ".join(gathered.units),
        )
    return Fragment(groups=found, locations=locations)
