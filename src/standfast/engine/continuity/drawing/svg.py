"""SVG written element by element: escaped, with a title and a description for screen readers."""

from __future__ import annotations

from html import escape


def tag(name: str, content: str = "", /, **attributes: str | float) -> str:
    """An element. `content` is markup already; attribute names may use _ for -."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Svg:
    """A picture of so many units; colours of text follow the page that it stands in."""

    def __init__(self, width: float, height: float, *, title: str, description: str) -> None:
        """`title` says what it is, `description` what it shows."""
        self.width, self.height = width, height
        self._title, self._description = title, description
        # Names inside of the picture begin with this, so that two can stand on one page.
        self.name = "".join(mark if mark.isalnum() else "-" for mark in title.lower())[:40]
        self._parts: list[str] = []
        self._definitions: list[str] = []

    def define(self, markup: str) -> None:
        """Add a pattern or the like."""
        self._definitions.append(markup)

    def add(self, markup: str) -> None:
        """Add an element on top of those before."""
        self._parts.append(markup)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 13,
        anchor: str = "start",
        weight: str = "normal",
        fill: str = "currentColor",
    ) -> None:
        """Add words."""
        self.add(
            tag(
                "text",
                escape(words, quote=False),
                x=x,
                y=y,
                font_size=size,
                text_anchor=anchor,
                font_weight=weight,
                fill=fill,
            )
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        stroke: str = "currentColor",
        width: float = 1,
        opacity: float = 1,
        dash: str = "none",
    ) -> None:
        """Add a line."""
        self.add(
            tag(
                "line",
                x1=x1,
                y1=y1,
                x2=x2,
                y2=y2,
                stroke=stroke,
                stroke_width=width,
                stroke_opacity=opacity,
                stroke_dasharray=dash,
            )
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        hint: str = "",
        opacity: float = 1,
    ) -> None:
        """Add a rectangle; `hint` shows when it is pointed at."""
        self.add(
            tag(
                "rect",
                tag("title", escape(hint)) if hint else "",
                x=x,
                y=y,
                width=max(width, 0),
                height=height,
                rx=2,
                fill=fill,
                fill_opacity=opacity,
            )
        )

    def __str__(self) -> str:
        name = self.name
        head = tag("title", escape(self._title), id=f"{name}-t") + tag(
            "desc", escape(self._description), id=f"{name}-d"
        )
        definitions = tag("defs", "".join(self._definitions)) if self._definitions else ""
        body = head + definitions + "\n".join(self._parts)
        return tag(
            "svg",
            body,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_value(self.width)} {_value(self.height)}",
            role="img",
            aria_labelledby=f"{name}-t {name}-d",
            font_family="system-ui, sans-serif",
            width="100%",
        )
