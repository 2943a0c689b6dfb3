"""A loss-exceedance curve: in what share of years more than so much is lost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from standfast.engine.continuity.drawing.svg import Svg, tag

_WIDTH, _HEIGHT = 960.0, 430.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 90.0, 920.0, 30.0, 350.0
_LINE = "#c0392b"
# No simulation runs for so many years that a rarer share would be seen.
RAREST = 1e-9
_LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class CurveWords:
    """The words of the picture, to be given in other languages."""

    title: str = "{name}: how often a year loses more"
    across: str = "loss in a year ({unit})"
    up: str = "share of years that lose more"
    nothing: str = "No year of the simulation lost anything."
    mark: str = "{share} of years lose {value} or less"


def exceedance_curve(
    points: Sequence[tuple[float, float]],
    *,
    name: str,
    unit: str,
    marks: Sequence[tuple[float, float]] = (),
    words: CurveWords | None = None,
) -> str:
    """Draw (loss, share of years with more) on a logarithmic axis of shares.

    `marks`: (share of years, loss that is not exceeded in it), drawn as points with a note.
    """
    words = words or CurveWords()
    notes = [words.mark.format(share=f"{s:.1%}", value=f"{v:,.0f} {unit}") for s, v in marks]
    svg = Svg(
        _WIDTH,
        _HEIGHT,
        title=words.title.format(name=name),
        description="; ".join(notes) or words.nothing,
    )
    most = max((loss for loss, _ in points), default=0.0)
    if most < _LEAST:  # nothing that a scale could show
        svg.text(_LEFT, _TOP + 30, words.nothing, size=15)
        return str(svg)
    least = min((share for _, share in points if share > 0.0), default=1.0)
    axes = _Axes(most, 10.0 ** math.floor(math.log10(min(max(least, RAREST), 0.5))))
    axes.draw(svg, unit, words)
    path = _steps(points, axes)
    svg.add(tag("path", d=path, fill="none", stroke=_LINE, stroke_width=2.5))
    for (share, value), note in zip(marks, notes, strict=True):
        if 0.0 < share < 1.0 and axes.floor <= 1.0 - share:
            x, y = axes.x(value), axes.y(1.0 - share)
            svg.add(tag("circle", tag("title", note), cx=x, cy=y, r=5, fill=_LINE))
            svg.text(x + 9, y - 6, f"{share:.1%}".replace(".0%", "%"), size=12, weight="600")
    return str(svg)


@dataclass(frozen=True, slots=True)
class _Axes:
    most: float
    floor: float

    def x(self, loss: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * min(loss / self.most, 1.0)

    def y(self, share: float) -> float:
        share = min(max(share, self.floor), 1.0)
        return _TOP + (_BOTTOM - _TOP) * math.log10(share) / math.log10(self.floor)

    def draw(self, svg: Svg, unit: str, words: CurveWords) -> None:
        share = 1.0
        while share >= self.floor * 0.999:
            y = self.y(share)
            svg.line(_LEFT, y, _RIGHT, y, opacity=0.18)
            svg.text(_LEFT - 8, y + 4, f"{share * 100:g} %", size=12, anchor="end")
            share /= 10.0
        step = round_step(self.most / 6.0)
        mark = 0.0
        while mark <= self.most * 1.0001:
            svg.line(self.x(mark), _TOP, self.x(mark), _BOTTOM, opacity=0.1)
            svg.text(self.x(mark), _BOTTOM + 20, f"{mark:,.0f}", size=12, anchor="middle")
            mark += step
        svg.text(
            (_LEFT + _RIGHT) / 2, _BOTTOM + 48, words.across.format(unit=unit), anchor="middle"
        )
        svg.text(_LEFT, _TOP - 12, words.up)


def _steps(points: Sequence[tuple[float, float]], axes: _Axes) -> str:
    """A line that falls at each loss, ending at the bottom."""
    (first, share), *rest = points
    parts = [f"M {axes.x(first):.1f} {axes.y(share):.1f}"]
    for loss, lower in rest:
        parts.append(f"H {axes.x(loss):.1f} V {axes.y(lower):.1f}")
    return " ".join(parts)


def round_step(size: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= size * 0.999)
