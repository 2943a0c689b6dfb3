"""A ranking as bars: a name, a bar as long as the value, what it says beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from standfast.engine.continuity.drawing.svg import Svg

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 960.0, 330.0, 640.0, 46.0, 40.0
_FILL, _CHOSEN = "#2563a8", "#2f8f5b"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. `marked` rows are drawn in another colour and with a mark, so that both tell."""

    name: str
    value: float
    said: str
    marked: bool = False


def bars(
    rows: Sequence[Bar], *, title: str, note: str = "", nothing: str = "Nothing to rank."
) -> str:
    """Draw the rows in their order; negative values are drawn as nothing and said."""
    svg = Svg(
        _WIDTH,
        _TOP + _ROW * max(len(rows), 1) + 16,
        title=title,
        description="; ".join(f"{row.name}: {row.said}" for row in rows) or nothing,
    )
    svg.text(8, 22, title, size=15, weight="600")
    if note:
        svg.text(_WIDTH - 8, 22, note, size=12, anchor="end")
    if not rows:
        svg.text(8, _TOP + 22, nothing)
    most = max((row.value for row in rows), default=0.0)
    for number, row in enumerate(rows):
        top = _TOP + _ROW * number
        name = row.name if len(row.name) <= 44 else row.name[:43] + "…"
        svg.text(8, top + 20, ("✓ " if row.marked else "") + name)
        length = (_RIGHT - _LEFT) * max(row.value, 0.0) / most if most > 0.0 else 0.0
        fill = _CHOSEN if row.marked else _FILL
        svg.box(_LEFT, top + 5, max(length, 1.5), 22, fill=fill, hint=f"{row.name}: {row.said}")
        svg.text(_LEFT + max(length, 1.5) + 8, top + 21, row.said, size=12)
    return str(svg)
