"""`standfast continuity probability`: how likely, and for how long."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standfast.cli.continuity.answers import (
    format_option,
    heading,
    number,
    show_csv,
    show_json,
)
from standfast.cli.continuity.files import FILE
from standfast.cli.continuity.graphs import Asked, budget_of, budget_options, read_graph

if TYPE_CHECKING:
    from standfast.engine.continuity.diagrams.budget import Budget
    from standfast.engine.continuity.probability.bounds import Range
    from standfast.engine.continuity.probability.curves import DowntimeCurve
    from standfast.engine.continuity.probability.importance import Importance
    from standfast.engine.continuity.probability.yearly import Yearly


@dataclass(frozen=True, slots=True)
class Likelihood:
    """All figures of one function. What needs exact functions is empty when they are not."""

    name: str
    yearly: Yearly
    now: Range | None
    importances: tuple[Importance, ...]
    curve: DowntimeCurve | None


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE [MORE]...")
@click.option("--of", "names", multiple=True, metavar="NAME", help="Only this function or top.")
@click.option("--down", multiple=True, metavar="NAME", help="This is down now.")
@click.option(
    "--top",
    "best",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="Show the N leaves that matter most.",
)
@click.option(
    "--until",
    type=click.FloatRange(min=0, min_open=True),
    default=168,
    show_default=True,
    metavar="HOURS",
    help="How far the downtime curve goes.",
)
@click.option(
    "--limit",
    "limits",
    type=click.FloatRange(min=0),
    multiple=True,
    metavar="HOURS",
    help="Mark this on the curve, beside a model's RTO and MTPD; repeatable.",
)
@budget_options
@format_option("text", "json", "csv")
def probability(
    *,
    files: tuple[Path, ...],
    names: tuple[str, ...],
    down: tuple[str, ...],
    best: int,
    until: float,
    limits: tuple[float, ...],
    seconds: float,
    megabytes: int,
    form: str,
) -> None:
    """How likely each function is down, for how long, and which failures matter most.

    The curve says how likely it is that from a random moment (or from now, with --down) the
    function stays down for longer than so many hours. CSV prints the curve. Leaves without figures
    are told as a range where that is possible, and else count as never down.
    """
    begun = time.perf_counter()
    asked = read_graph(files, names)
    numbers = asked.leaves(down, "--down")
    budget = budget_of(seconds, megabytes)
    found = []
    for done, name in enumerate(asked.tops):
        share = budget.share(1 / (len(asked.tops) - done))
        marks = _limits(asked, name, limits)
        found.append(_likelihood(asked, name, numbers, until=until, limits=marks, budget=share))
    match form:
        case "json":
            tops = [_as_json(each, best) for each in found]
            show_json({"tops": tops, "time_s": round(time.perf_counter() - begun, 4)})
        case "csv":
            show_csv(["name", "hours", "probability"], _curve_rows(found))
        case _:
            for each in found:
                _show(each, best)


def _limits(asked: Asked, name: str, extra: Sequence[float]) -> dict[str, float]:
    """What is marked on a function's curve, in hours."""
    found: dict[str, float] = {}
    if asked.organisation is not None:
        function = asked.organisation.functions[name]
        for label, length in (("RTO", function.rto), ("MTPD", function.mtpd)):
            if length is not None:
                found[label] = length.total_seconds() / 3600
    return found | {f"{hours:g} h": hours for hours in extra}


def _likelihood(
    asked: Asked,
    name: str,
    down: frozenset[int],
    *,
    until: float,
    limits: Mapping[str, float],
    budget: Budget,
) -> Likelihood:
    from standfast.engine.continuity.diagrams.solving import solve
    from standfast.engine.continuity.probability.bounds import bounded
    from standfast.engine.continuity.probability.curves import downtime_curve, hits_of
    from standfast.engine.continuity.probability.exact import top_probability
    from standfast.engine.continuity.probability.importance import importances
    from standfast.engine.continuity.probability.yearly import steady_unavailability, yearly

    leaves = asked.graph.leaves
    solved = solve(asked.graph, asked.tops[name], budget=budget)
    year = yearly(solved, leaves)
    chances = [1.0 if n in down else steady_unavailability(leaf) for n, leaf in enumerate(leaves)]
    now = bounded(solved, chances) if down else None
    known = [chance or 0.0 for chance in chances]
    if not solved.exact or (now or year.unavailability).upper <= 0:
        return Likelihood(name, year, now, (), None)
    curve = None
    if any(leaf.repair_hours for leaf in leaves):
        hits = hits_of(leaves, down=dict.fromkeys(down, 0.0), chances=dict(enumerate(known)))
        curve = downtime_curve(solved, hits, until=until, limits=limits)
    ranked: tuple[Importance, ...] = ()
    if top_probability(solved, known) > 0:
        ranked = importances(solved, known, [leaf.name for leaf in leaves])
    return Likelihood(name, year, now, ranked, curve)


def _range(value: Range | None) -> Any:
    if value is None:
        return None
    return {"exact": value.exact, "lower": value.lower, "upper": value.upper}


def _as_json(found: Likelihood, best: int) -> dict[str, Any]:
    curve = found.curve
    return {
        "name": found.name,
        "unavailability": _range(found.yearly.unavailability),
        "hours_a_year": _range(found.yearly.hours),
        "stops_a_year": found.yearly.stops,
        "mean_hours_a_stop": found.yearly.mean_hours_a_stop,
        "now": _range(found.now),
        "importance": [_measures(each) for each in found.importances[:best]],
        "curve": curve
        and {
            "hours": list(curve.hours),
            "probability_of_longer": list(curve.probabilities),
            "expected_hours": curve.expected_hours,
            "limits": [asdict(mark) for mark in curve.marks],
        },
    }


def _measures(each: Importance) -> dict[str, Any]:
    """JSON has no infinity: null stands for it."""
    return {
        name: value if not isinstance(value, float) or isfinite(value) else None
        for name, value in asdict(each).items()
        if name != "leaf"
    }


def _curve_rows(found: Sequence[Likelihood]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "hours": f"{hours:.6g}", "probability": f"{chance:.9g}"}
        for each in found
        if each.curve
        for hours, chance in zip(each.curve.hours, each.curve.probabilities, strict=True)
    ]


def _show(found: Likelihood, best: int) -> None:
    heading(found.name)
    year = found.yearly
    click.echo(f"  Down, in the long run: {_said(year.unavailability)} of the time")
    click.echo(f"  Hours down a year: {_said(year.hours)}")
    if year.stops is not None:
        click.echo(f"  Stops a year: {number(year.stops)}")
    if found.now is not None:
        click.echo(f"  Down now, with what is down: {_said(found.now)}")
    if found.curve is not None:
        click.echo(f"  Expected hours down from here: {number(found.curve.expected_hours)}")
        for mark in found.curve.marks:
            limit = f"{mark.name} ({mark.hours:g} h)"
            click.echo(f"  Down for longer than {limit}: {number(mark.breached)}")
    if best and found.importances:
        click.echo("  What matters most        share of failures   if down   if never down")
        for each in found.importances[:best]:
            click.echo(
                f"    {each.name:<24} {each.criticality:>10.1%} "
                f"{number(each.achievement):>11} × {_fewer(each.reduction):>15}"
            )


def _fewer(reduction: float) -> str:
    return f"÷ {number(reduction)}" if isfinite(reduction) else "never"


def _said(value: Range) -> str:
    if value.exact is not None:
        return number(value.exact)
    return f"{number(value.lower)} to {number(value.upper)}"
