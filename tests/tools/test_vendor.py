"""The sprite of icons and the list that it is drawn from."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tools.vendor import SOURCE_MAP, SVG, listed_icons, sprite

DRAWING = f"""<svg xmlns="{SVG}" width="24" height="24" class="icon">
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M12 5v14" />
</svg>"""


def test_the_list_may_have_comments_blank_lines_and_repeats() -> None:
    assert listed_icons("bell\n\n# people\nuser # one\nbell\n") == ["bell", "user"]


def test_each_icon_becomes_a_symbol_without_the_empty_square(tmp_path: Path) -> None:
    (tmp_path / "plus.svg").write_text(DRAWING, encoding="utf-8")
    (symbol,) = ET.fromstring(sprite(["plus"], tmp_path))
    assert symbol.tag == f"{{{SVG}}}symbol"
    assert symbol.get("id") == "plus"
    assert symbol.get("stroke") == "currentColor"
    assert [part.get("d") for part in symbol] == ["M12 5v14"]


def test_an_unknown_icon_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        sprite(["no-such-icon"], tmp_path)


@pytest.mark.parametrize(
    "end", [b"\n/*# sourceMappingURL=a.css.map */", b"\n//# sourceMappingURL=a.js.map\n"]
)
def test_pointers_to_source_maps_are_cut_off(end: bytes) -> None:
    assert SOURCE_MAP.sub(b"\n", b"code" + end) == b"code\n"
