"""The states of functions over time as bars, with the moments when RTO and MTPD are up.

States differ by colour, by pattern and by the words in the bars, so that colour is never needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from standfast.engine.continuity.drawing.axis import Axis, spoken
from standfast.engine.continuity.drawing.svg import Svg
from standfast.engine.continuity.evaluation.results import (
    Course,
    Evaluation,
    FunctionCourse,
    Spell,
    Standing,
)
from standfast.engine.continuity.model.functions import Function
from standfast.engine.continuity.model.organisation import Organisation

_WIDTH, _LEFT, _RIGHT, _TOP, _ROW = 960.0, 230.0, 940.0, 52.0, 48.0
_COLOURS = {Standing.UP: "#26794b", Standing.DEGRADED: "#e0a030", Standing.DOWN: "#b83227"}
_INK = {Standing.UP: "#fff", Standing.DEGRADED: "#1a1300", Standing.DOWN: "#fff"}


@dataclass(frozen=True, slots=True)
class GanttWords:
    """The words of the picture, to be given in other languages."""

    title: str = "{scenario}: functions over time"
    up: str = "up"
    degraded: str = "degraded"
    down: str = "down"
    rto: str = "RTO"
    mtpd: str = "MTPD"
    best: str = "thin bar: the best case"
    nothing: str = "Every function stays up."


def gantt(
    evaluation: Evaluation,
    organisation: Organisation,
    *,
    only_affected: bool = False,
    words: GanttWords | None = None,
) -> str:
    """Draw an evaluation; the worst case, and under it the best one where they differ."""
    words = words or GanttWords()
    worst = evaluation.worst
    rows = [
        course
        for course in worst.functions.values()
        if not only_affected or course.worst is not Standing.UP
    ]
    axis = Axis(*_span(worst), _LEFT, _RIGHT)
    scenario = evaluation.scenario
    svg = Svg(
        _WIDTH,
        _TOP + _ROW * max(len(rows), 1) + 34,
        title=words.title.format(scenario=scenario.title or scenario.name),
        description="; ".join(_said(organisation, row, words) for row in rows) or words.nothing,
    )
    svg.define(_patterns(svg.name))
    bottom = _TOP + _ROW * max(len(rows), 1)
    for x, label in axis.marks():
        svg.line(x, _TOP - 6, x, bottom, opacity=0.18)
        svg.text(x, _TOP - 14, label, size=12, anchor="middle")
    chart = _Chart(svg, axis, words)
    for number, row in enumerate(rows):
        top = _TOP + _ROW * number
        chart.row(organisation.functions[row.name], row, top)
        best = evaluation.best.functions[row.name]
        if best.spells != row.spells:
            chart.best(best, top)
    if not rows:
        svg.text(_LEFT, _TOP + 24, words.nothing)
    _legend(svg, bottom + 22, words, best=bool(evaluation.depends))
    return str(svg)


def _patterns(name: str) -> str:
    """Dots for degraded and stripes for down, so that nobody needs the colours."""
    dots, stripes = _COLOURS[Standing.DEGRADED], _COLOURS[Standing.DOWN]
    return (
        f'<pattern id="{name}-degraded" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{dots}"/>'
        '<circle cx="4" cy="4" r="1.3" fill="#fff" fill-opacity="0.6"/></pattern>'
        f'<pattern id="{name}-down" width="9" height="9" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="9" height="9" fill="{stripes}"/>'
        '<rect width="2" height="9" fill="#fff" fill-opacity="0.22"/></pattern>'
    )


def _fill(svg: Svg, standing: Standing) -> str:
    if standing is Standing.UP:
        return _COLOURS[standing]
    return f"url(#{svg.name}-{standing.value})"


def _span(course: Course) -> tuple[timedelta, timedelta]:
    """All of it, and a bit more, so that the last bar can be seen."""
    spells = [spell for each in course.functions.values() for spell in each.spells[:1]]
    begin = min((spell.start for spell in spells), default=timedelta(0))
    end = max(course.horizon, begin + timedelta(hours=1))
    return begin, end + (end - begin) / 20


@dataclass(frozen=True, slots=True)
class _Chart:
    svg: Svg
    axis: Axis
    words: GanttWords

    def row(self, function: Function, course: FunctionCourse, top: float) -> None:
        name = function.title or function.name
        self.svg.text(8, top + 20, _shortened(name, 30), weight="600")
        for spell in course.spells:
            self._bar(name, spell, top)
        down = next((spell for spell in course.spells if spell.standing is Standing.DOWN), None)
        if down is not None and function.rto is not None:
            said = self.words.rto
            self._mark(down.start + function.rto, said, top, breached=bool(course.rto_breach))
        if down is not None and function.mtpd is not None:
            said = self.words.mtpd
            self._mark(down.start + function.mtpd, said, top, breached=bool(course.mtpd_breach))

    def best(self, course: FunctionCourse, top: float) -> None:
        for spell in course.spells:
            left, right = self._ends(spell)
            self.svg.box(left, top + 30, right - left, 4, fill=_fill(self.svg, spell.standing))

    def _bar(self, name: str, spell: Spell, top: float) -> None:
        left, right = self._ends(spell)
        said = _word(spell, self.words)
        until = spoken(spell.end) if spell.end is not None else "…"
        hint = f"{name}: {said}, {spoken(spell.start)} – {until}"
        self.svg.box(
            left, top + 6, right - left, 22, fill=_fill(self.svg, spell.standing), hint=hint
        )
        if right - left > 9 * len(said):
            middle = (left + right) / 2
            wide = 8 * len(said) + 8
            colour, ink = _COLOURS[spell.standing], _INK[spell.standing]
            self.svg.box(middle - wide / 2, top + 9, wide, 16, fill=colour)
            self.svg.text(middle, top + 21, said, size=12, anchor="middle", fill=ink, weight="600")

    def _mark(self, moment: timedelta, word: str, top: float, *, breached: bool) -> None:
        """A line where an objective is up; full when it is breached, dashed when it is kept."""
        if moment > self.axis.end:
            return
        x = self.axis.x(moment)
        self.svg.line(x, top + 2, x, top + 32, width=2.5, dash="none" if breached else "3 3")
        said = word + (" ✕" if breached else "")
        self.svg.text(x + 3, top + 45, said, size=11, weight="700" if breached else "normal")

    def _ends(self, spell: Spell) -> tuple[float, float]:
        end = self.axis.end if spell.end is None else spell.end
        return self.axis.x(spell.start), self.axis.x(end)


def _legend(svg: Svg, y: float, words: GanttWords, *, best: bool) -> None:
    x = _LEFT
    for standing, word in (
        (Standing.UP, words.up),
        (Standing.DEGRADED, words.degraded),
        (Standing.DOWN, words.down),
    ):
        svg.box(x, y - 10, 16, 12, fill=_fill(svg, standing))
        svg.text(x + 22, y, word, size=12)
        x += 60 + 8 * len(word)
    if best:
        svg.text(x, y, words.best, size=12)


def _word(spell: Spell, words: GanttWords) -> str:
    if spell.standing is Standing.DEGRADED:
        return f"{spell.capacity * 100:.0f} %"
    return words.up if spell.standing is Standing.UP else words.down


def _said(organisation: Organisation, row: FunctionCourse, words: GanttWords) -> str:
    spells: Sequence[str] = [f"{_word(each, words)} {spoken(each.start)}" for each in row.spells]
    return f"{organisation.title(row.name)}: {', '.join(spells)}"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
