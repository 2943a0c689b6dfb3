"""How the commands answer: in one of a few forms, with a progress bar and colour on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

MEANING = {
    "text": "text for people",
    "json": "JSON and CSV for programs",
    "csv": "",
    "svg": "SVG a drawing",
    "html": "HTML a page with the drawing and its table",
    "yaml": "YAML a model document",
    "xml": "XML an Open-PSA fault tree",
}


def format_option(*forms: str) -> Callable[[Command], Command]:
    """The option `--format` with these forms, the first of them when not given."""
    said = "; ".join(MEANING[form] for form in forms if MEANING[form])
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help=f"{said[0].upper()}{said[1:]}.",
    )


def show_json(data: Any) -> None:
    """Print data as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def show_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as CSV with a header."""
    import csv

    writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that is fed (done, wanted); nothing where nobody would see it."""
    if not sys.stderr.isatty():
        yield lambda _done, _wanted: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, wanted: int) -> None:
            bar.length = wanted
            bar.update(max(done - bar.pos, 0))

        yield show


def heading(text: str) -> None:
    """A line that stands out on a terminal."""
    click.echo(click.style(text, bold=True))


def number(value: float) -> str:
    """A number with as many digits as matter."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if size >= 0.001 else f"{value:.2e}"


def named(names: Sequence[str], most: int = 5) -> str:
    """The first of these names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
