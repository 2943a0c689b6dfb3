"""Answers as pictures: SVG texts that read well in print, on screen and to a screen reader."""

from __future__ import annotations

from standfast.engine.continuity.drawing.axis import Axis, spoken
from standfast.engine.continuity.drawing.gantt import GanttWords, gantt
from standfast.engine.continuity.drawing.page import Section, Table, page
from standfast.engine.continuity.drawing.svg import Svg

__all__ = ["Axis", "GanttWords", "Section", "Svg", "Table", "gantt", "page", "spoken"]
