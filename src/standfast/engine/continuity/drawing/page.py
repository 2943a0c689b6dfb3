"""A self-contained HTML page: pictures with the tables behind them, no script, prints well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
svg { min-width: 40rem; height: auto; }
.wide { overflow-x: auto; }
td:first-child { white-space: nowrap; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884; }
th { font-weight: 600; } td.number, th.number { text-align: right; }
pre { white-space: pre-wrap; font: inherit; }
@media print { body { max-width: none; } }
"""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading; cells are texts. Columns in `numbers` are set to the right."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()

    def html(self) -> str:
        """The table as markup."""
        head = "".join(
            f'<th scope="col"{self._class(number)}>{escape(name)}</th>'
            for number, name in enumerate(self.columns)
        )
        body = "".join(
            "<tr>"
            + "".join(
                f"<td{self._class(number)}>{escape(cell)}</td>" for number, cell in enumerate(row)
            )
            + "</tr>\n"
            for row in self.rows
        )
        return (
            f'<div class="wide"><table><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
        )

    def _class(self, number: int) -> str:
        return ' class="number"' if number in self.numbers else ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with words (shown with their line breaks), a picture and tables under it."""

    heading: str
    words: str = ""
    picture: str = ""
    tables: Sequence[Table] = ()

    def html(self) -> str:
        """The section as markup."""
        words = f"<pre>{escape(self.words)}</pre>" if self.words else ""
        tables = "\n".join(table.html() for table in self.tables)
        picture = f'<div class="wide">{self.picture}</div>' if self.picture else ""
        return f"<h2>{escape(self.heading)}</h2>\n{words}\n{picture}\n{tables}"


def page(title: str, sections: Sequence[Section], *, intro: str = "", language: str = "en") -> str:
    """The whole page as text."""
    body = "\n".join(section.html() for section in sections)
    lead = f"<p>{escape(intro)}</p>" if intro else ""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<main>\n<h1>{escape(title)}</h1>\n{lead}\n{body}\n</main>\n</body>\n</html>\n"
    )
