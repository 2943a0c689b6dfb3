"""What could stop functions, as CSV, as a Venn diagram and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from standfast.cli.continuity.answers import number, show_csv
from standfast.cli.continuity.files import BadInput

if TYPE_CHECKING:
    from standfast.cli.continuity.graphs import Asked
    from standfast.engine.continuity.cutsets.result import CutSet
    from standfast.engine.continuity.cutsets.stopping import Stopping

COLUMNS = ["name", "order", "probability", "people", "location", "systems", "events"]
LISTED = 100_000
PAGE_SETS = 50


def as_csv(found: Mapping[str, Stopping], *, best: int, order: int | None) -> None:
    """The sets up to the order, or the most probable ones, a row for each."""
    rows = (
        _row(name, each)
        for name, stopping in found.items()
        for each, _ in zip(_sets(stopping, best=best, order=order), range(LISTED), strict=False)
    )
    show_csv(COLUMNS, list(rows))


def _sets(found: Stopping, *, best: int, order: int | None) -> Iterable[CutSet]:
    sets = found.cut_sets
    return sets.most_probable(best) if order is None else sets.ordered(up_to=order)


def _row(name: str, each: CutSet) -> dict[str, Any]:
    areas = {area.value for area in each.areas}
    return {
        "name": name,
        "order": each.order,
        "probability": each.probability,
        **{area: int(area in areas) for area in ("people", "location", "systems")},
        "events": " + ".join(each.names),
    }


def as_svg(asked: Asked, found: Mapping[str, Stopping]) -> None:
    """The Venn diagram of one function."""
    if len(found) != 1:
        raise BadInput(f"--format svg draws one function; choose it with --of {' or '.join(found)}")
    ((name, stopping),) = found.items()
    click.echo(_venn(asked, name, stopping))


def _venn(asked: Asked, name: str, found: Stopping) -> str:
    from standfast.engine.continuity.drawing.venn import venn

    return venn(found.cut_sets.by_region, function=_title(asked, name))


def _title(asked: Asked, name: str) -> str:
    return asked.organisation.title(name) if asked.organisation else name


def as_html(asked: Asked, found: Mapping[str, Stopping]) -> None:
    """A page with the diagram, the counts and the most probable sets of every function."""
    from standfast.engine.continuity.drawing import Section, Table, page
    from standfast.engine.continuity.drawing.venn import spoken_region

    sections = []
    for name, stopping in found.items():
        sets = stopping.cut_sets
        counts = Table(
            "Minimal cut sets",
            ("of so many failures", "sets"),
            [(str(size), f"{many:,}") for size, many in enumerate(sets.by_order) if many],
            frozenset({1}),
        )
        regions = Table(
            "By area",
            ("area", "sets"),
            [
                (spoken_region(region) or "outside of all three", f"{many:,}")
                for region, many in sets.by_region.items()
            ],
            frozenset({1}),
        )
        listed = chain(sets.single_points, (one for one in sets.most_probable(PAGE_SETS)))
        rows = {one.names: one for one in listed}
        table = Table(
            "Single points of failure, then the most probable sets",
            ("fail together", "probability"),
            [
                (
                    " + ".join(map(str, names)),
                    "not known" if one.probability is None else number(one.probability),
                )
                for names, one in rows.items()
            ],
            frozenset({1}),
        )
        picture = _venn(asked, name, stopping) if stopping.has_areas else ""
        tables = [counts, regions, table] if stopping.has_areas else [counts, table]
        words = _chance(stopping)
        sections.append(Section(_title(asked, name), words, picture, tables))
    of = asked.organisation.name if asked.organisation else "a fault tree"
    click.echo(page(f"What could stop {of}", sections))


def _chance(found: Stopping) -> str:
    chance = found.probability
    if chance.exact is not None:
        said = f"Down with a probability of {number(chance.exact)} at a random moment."
    else:
        said = f"Down with a probability of {number(chance.lower)} to {number(chance.upper)}."
    sets = found.cut_sets
    if not sets.complete:
        said += f" Complete up to {sets.complete_to} failures only: the budget was spent."
    return said
