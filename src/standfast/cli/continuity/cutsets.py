"""`standfast continuity cutsets`: what could stop it."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standfast.cli.continuity.answers import format_option, heading, number, show_json
from standfast.cli.continuity.files import FILE
from standfast.cli.continuity.graphs import Asked, budget_of, budget_options, read_graph

if TYPE_CHECKING:
    from standfast.engine.continuity.cutsets.counting import Region
    from standfast.engine.continuity.cutsets.result import CutSet
    from standfast.engine.continuity.cutsets.stopping import Stopping

CRITICALITIES = ("mission-critical", "business-critical", "important", "deferrable")

NAMED = 5
LISTED = 1_000
"""Most sets of an order that text lists one by one."""


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE [MORE]...")
@click.option("--of", "names", multiple=True, metavar="NAME", help="Only this function or top.")
@click.option(
    "--top",
    "best",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="Show the N most probable sets.",
)
@click.option(
    "--order",
    type=click.IntRange(min=1),
    metavar="N",
    help="List the sets of up to N failures, single points of failure first.",
)
@click.option(
    "--down", multiple=True, metavar="NAME", help="This is down now: what would it take from here?"
)
@click.option(
    "--fail-on-single-point",
    "fail",
    type=click.Choice(["any", *CRITICALITIES]),
    help="Exit with status 1 when a single failure stops any function, or one so critical.",
)
@budget_options
@format_option("text", "json", "csv", "svg", "html", "xml")
def cutsets(
    *,
    files: tuple[Path, ...],
    names: tuple[str, ...],
    best: int,
    order: int | None,
    down: tuple[str, ...],
    fail: str | None,
    seconds: float,
    megabytes: int,
    form: str,
) -> None:
    """All minimal cut sets: the smallest combinations of failures that stop a function.

    FILE is a fault tree (Open-PSA XML; MORE may hold its basic events). Counts and probabilities
    are exact, unless `complete` is false: then all sets up to an order, and bounds. XML prints the
    question itself, so that another tool can check the answer.
    """
    from standfast.cli.continuity import stopped
    from standfast.engine.continuity.cutsets.stopping import stopping

    begun = time.perf_counter()
    asked = read_graph(files, names)
    if form == "xml":
        _export(asked)
        return
    leaves_down = asked.leaves(down, "--down")
    budget = budget_of(seconds, megabytes)
    found = {}
    for done, (name, top) in enumerate(asked.tops.items()):
        share = budget.share(1 / (len(asked.tops) - done))
        found[name] = stopping(asked.graph, top, down=leaves_down, areas=asked.areas, budget=share)
    if form == "json":
        answers = [
            {"name": name, **_as_json(each, best=best, order=order)} for name, each in found.items()
        ]
        show_json(_document(asked, answers, begun))
    elif form == "csv":
        stopped.as_csv(found, best=best, order=order)
    elif form == "svg":
        stopped.as_svg(asked, found)
    elif form == "html":
        stopped.as_html(asked, found)
    else:
        for name, each in found.items():
            _show(name, each, best=best, order=order)
        _show_certain(asked)
    if weak := _with_single_points(asked, found, fail):
        click.echo(f"A single failure stops {', '.join(weak)}.", err=True)
        sys.exit(1)


def _export(asked: Asked) -> None:
    """The model as a fault tree that other tools read."""
    from standfast.engine.continuity.gates import GateGraph
    from standfast.engine.continuity.openpsa.writing import write

    graph = GateGraph(asked.graph.leaves, asked.graph.gates, asked.tops)
    name = asked.organisation.name if asked.organisation else "model"
    click.echo(write(graph, name=name), nl=False)


def _with_single_points(asked: Asked, found: Mapping[str, Stopping], fail: str | None) -> list[str]:
    """The functions that the option asks about and that one failure stops."""
    if fail is None:
        return []
    wanted = (
        set(CRITICALITIES) if fail == "any" else {*CRITICALITIES[: CRITICALITIES.index(fail) + 1]}
    )
    return [
        name
        for name, each in found.items()
        if each.cut_sets.single_points and (asked.criticality(name) or fail) in {*wanted, "any"}
    ]


def _document(asked: Asked, answers: Sequence[dict[str, Any]], begun: float) -> dict[str, Any]:
    """A fault tree's only top by itself; else a list."""
    spent = {"time_s": round(time.perf_counter() - begun, 4)}
    if asked.organisation is None and len(answers) == 1:
        return answers[0] | spent
    return {
        "tops": answers,
        "complete": all(each["complete"] for each in answers),
        "always_down": sorted(asked.always),
        "never_down": sorted(asked.never),
    } | spent


def _show_certain(asked: Asked) -> None:
    if asked.always:
        click.echo(f"Down whatever else happens: {', '.join(sorted(asked.always))}")
    if asked.never:
        click.echo(f"Nothing in the model can stop: {', '.join(sorted(asked.never))}")


def _as_json(found: Stopping, *, best: int, order: int | None) -> dict[str, Any]:
    sets = found.cut_sets
    answer: dict[str, Any] = {
        "count": sets.count,
        "by_order": list(sets.by_order),
        "probability": found.probability.exact,
        "probability_bounds": [found.probability.lower, found.probability.upper],
        "probability_unknown": list(found.unknown),
        "complete": sets.complete,
        "complete_to_order": sets.complete_to,
        "coherent": sets.coherent,
        "single_points": [each.names[0] for each in sets.single_points],
    }
    if found.has_areas:
        answer["by_region"] = {
            _region(region, "+"): count for region, count in sets.by_region.items()
        }
    if best:
        answer["most_probable"] = [_set_as_json(each) for each in sets.most_probable(best)]
    if order is not None:
        answer["sets"] = [_set_as_json(each) for each in sets.ordered(up_to=order)]
    return answer


def _set_as_json(cut_set: CutSet) -> dict[str, Any]:
    return {"events": list(cut_set.names), "probability": cut_set.probability}


def _show(name: str, found: Stopping, *, best: int, order: int | None) -> None:
    sets = found.cut_sets
    heading(name)
    _show_counts(found)
    _show_probability(found)
    _show_sets("Single points of failure", sets.single_points)
    if best:
        _show_sets("Most probable", list(sets.most_probable(best)))
    if order is not None:
        listed = list(islice(sets.ordered(up_to=order), LISTED))
        _show_sets(f"Up to {order} failures (the first {LISTED:,} at most)", listed)


def _show_counts(found: Stopping) -> None:
    sets = found.cut_sets
    so_far = "" if sets.complete else f" or more: complete up to {sets.complete_to} failures"
    click.echo(f"  {sets.count:,} minimal cut sets{so_far}")
    if not sets.coherent:
        click.echo("  (it negates: these are the minimal positive parts)")
    for size, many in enumerate(sets.by_order):
        if many:
            click.echo(f"    of {size} {'failure ' if size == 1 else 'failures'}  {many:>15,}")
    if found.has_areas:
        for region, many in sets.by_region.items():
            click.echo(f"    {_region(region, ' + '):<30} {many:>15,}")


def _show_probability(found: Stopping) -> None:
    chance = found.probability
    if chance.exact is not None:
        click.echo(f"  Probability: {chance.exact:.9g}")
    else:
        click.echo(f"  Probability: between {number(chance.lower)} and {number(chance.upper)}")
    if found.unknown:
        named = ", ".join(found.unknown[:NAMED])
        more = len(found.unknown) - NAMED
        others = f" and {more} more" if more > 0 else ""
        click.echo(f"  (not known how often these are down: {named}{others})")


def _region(region: Region, joined: str) -> str:
    """The circles' names in the usual order."""
    names = [name for name in ("people", "location", "systems") if name in region]
    return joined.join(names) or "none"


def _show_sets(title: str, sets: Sequence[CutSet]) -> None:
    if not sets:
        return
    click.echo(f"  {title}:")
    for each in sets:
        chance = "" if each.probability is None else number(each.probability)
        click.echo(f"    {chance:>9}  {' + '.join(each.names) or 'nothing: it is down already'}")
