"""Tables that become lines on a phone: each cell says its column, and the roles stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import standfast.web

TEMPLATES = Path(standfast.web.__file__).parent / "templates"
STACKED = sorted(
    path for path in TEMPLATES.rglob("*.html") if "table-stacked" in path.read_text("utf-8")
)


def test_the_wide_tables_are_stacked() -> None:
    names = {path.relative_to(TEMPLATES).as_posix() for path in STACKED}
    assert names >= {"console/issues/versions.html", "settings/audit.html"}


@pytest.mark.parametrize("path", STACKED, ids=lambda path: path.stem)
def test_every_cell_has_its_column_s_name_and_the_roles_are_written_out(path: Path) -> None:
    text = path.read_text("utf-8")
    (table,) = re.findall(r'<table class="table table-stacked.*?</table>', text, re.DOTALL)
    heads = [
        re.sub(r"[\"\']", "", name)
        for name in re.findall(r'<th scope="col" role="columnheader"[^>]*>(.*?)</th>', table)
    ]
    body = table[table.index("<tbody") :]
    labels = [re.sub(r"[\"\']", "", label) for label in re.findall(r'data-label="([^"]*)"', body)]
    assert labels == heads[-len(labels) :]
    assert len(labels) == body.count("<td") == body.count('<td role="cell"')
    for tag, role in {
        "table": "table",
        "thead": "rowgroup",
        "tbody": "rowgroup",
        "tr": "row",
    }.items():
        opened = re.findall(rf"<{tag}[ >][^>]*", table)
        assert all(f'role="{role}"' in each for each in opened), tag
