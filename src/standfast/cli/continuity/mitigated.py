"""Measures ranked for the command line, and shown in its forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from standfast.cli.continuity.answers import heading, number, show_csv, show_json
from standfast.cli.continuity.happening import known

if TYPE_CHECKING:
    from standfast.engine.continuity.diagrams.budget import Budget
    from standfast.engine.continuity.mitigation.best import Best
    from standfast.engine.continuity.mitigation.ranking import Bought, Pair
    from standfast.engine.continuity.model import Organisation

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Answered:
    """The ranking, the pairs, the best set; `unit` is a currency, or weighted hours."""

    organisation: Organisation
    ranking: tuple[Bought, ...]
    pairs: tuple[Pair, ...]
    best: Best
    spend: float | None
    priced: bool

    @property
    def unit(self) -> str:
        """What values are counted in."""
        return (self.organisation.currency or "of loss") if self.priced else "weighted hours"


def answered(
    organisation: Organisation,
    *,
    spend: float | None,
    net: bool,
    events: Sequence[str],
    generic: bool,
    budget: Budget,
) -> Answered:
    """Ask the engine."""
    from standfast.engine.continuity.mitigation.choosing import chosen
    from standfast.engine.continuity.mitigation.measures import generic_for, policy_measures
    from standfast.engine.continuity.mitigation.ranking import pairs, ranked
    from standfast.engine.continuity.mitigation.worth import Worth

    wanted = tuple(known(name, organisation.events, "--event") for name in events) or None
    measures = policy_measures(organisation)
    if generic:
        base = Worth(organisation, (), events=wanted, budget=budget)
        states = [base.state(function) for function in organisation.functions]
        singles = {name for state in states for name in state.single_points}
        measures += generic_for(organisation, singles)
    worth = Worth(organisation, measures, events=wanted, budget=budget)
    best = chosen(worth, budget=spend, net=net, seconds=budget.left())
    return Answered(organisation, ranked(worth), pairs(worth), best, spend, worth.priced)


def show(found: Answered, form: str) -> None:
    """Show it in one of the forms."""
    match form:
        case "json":
            show_json(_as_data(found))
        case "csv":
            rows = [_row(each) for each in found.ranking]
            show_csv(_COLUMNS, rows)
        case "svg":
            click.echo(_bars(found))
        case "html":
            _page(found)
        case _:
            _text(found)


_COLUMNS = (
    "name", "title", "kind", "cost", "value", "per_cost", "net", "hours",
    "cut_sets_before", "cut_sets_after", "single_points_before", "single_points_after",
)  # fmt: skip


def _row(bought: Bought) -> dict[str, Any]:
    before, after = bought.cut_sets
    singles_before, singles_after = bought.single_points
    return {
        "name": bought.measure.name,
        "title": bought.measure.title,
        "kind": bought.measure.kind.value,
        "cost": bought.measure.cost,
        "value": bought.value,
        "per_cost": bought.per_cost,
        "net": bought.net,
        "hours": bought.hours,
        "cut_sets_before": before,
        "cut_sets_after": after,
        "single_points_before": singles_before,
        "single_points_after": singles_after,
    }


def _as_data(found: Answered) -> dict[str, Any]:
    from standfast.engine.continuity.mitigation.ranking import said, said_of_pair

    best, unit = found.best, found.unit
    return {
        "organisation": found.organisation.name,
        "unit": unit,
        "ranking": [
            {
                **_row(each),
                "helped": [{"function": name, "hours": hours} for name, hours in each.helped],
                "by_region": [
                    {"region": sorted(area.value for area in region), "before": b, "after": a}
                    for region, (b, a) in each.by_region.items()
                ],
                "said": str(said(each, unit=unit if found.priced else "")),
            }
            for each in found.ranking
        ],
        "pairs": [
            {
                "measures": [pair.first.name, pair.second.name],
                "value": pair.value,
                "alone": list(pair.alone),
                "hours": pair.hours,
                "hours_alone": list(pair.hours_alone),
                "only_together": pair.only_together,
                "said": str(said_of_pair(pair, unit=unit)),
            }
            for pair in found.pairs
        ],
        "best": {
            "spend": found.spend,
            "measures": list(best.measures),
            "cost": best.cost,
            "avoided": best.avoided,
            "loss_before": best.loss_before,
            "loss_after": best.loss,
            "proven": best.proven,
            "exact": best.exact,
        },
    }


def _text(found: Answered) -> None:
    from standfast.engine.continuity.mitigation.ranking import said, said_of_pair

    heading(f"{found.organisation.name}: what each measure buys")
    if not found.ranking:
        click.echo("  The model has no policy that is not in place; --generic offers others.")
    for place, each in enumerate(found.ranking[:SHOWN], start=1):
        click.echo(f"{place:>3}. {click.style(each.measure.title, bold=True)}  {_price(each)}")
        click.echo(f"     {said(each, unit=found.unit if found.priced else '')}")
        if regions := _regions(each):
            click.echo(f"     Minimal cut sets: {regions}.")
    if len(found.ranking) > SHOWN:
        click.echo(f"     … and {len(found.ranking) - SHOWN} more; --format csv lists all.")
    for pair in found.pairs:
        click.echo(f"  +  {said_of_pair(pair, unit=found.unit)}")
    click.echo("")
    for line in best_said(found):
        click.echo(line)


def _regions(bought: Bought) -> str:
    """The regions of the Venn diagram in which the number of cut sets changes."""
    from standfast.engine.continuity.drawing.venn import spoken_region

    return ", ".join(
        f"{spoken_region(region) or 'outside of the areas'} {before:,} → {after:,}"
        for region, (before, after) in bought.by_region.items()
        if before != after
    )


def _price(bought: Bought) -> str:
    if bought.measure.cost is None:
        return "(cost not known)"
    per = "" if bought.per_cost is None else f", {number(bought.per_cost)} for each 1"
    return f"(costs {number(bought.measure.cost)} a year{per})"


def best_said(found: Answered) -> list[str]:
    """Sentences about the best set."""
    best, unit = found.best, found.unit
    limit = "" if found.spend is None else f" for at most {number(found.spend)}"
    if not best.measures:
        return [f"Best set{limit}: none of the measures with a known cost is worth taking."]
    titles = {each.measure.name: each.measure.title for each in found.ranking}
    names = " + ".join(titles.get(name, name) for name in best.measures)
    lines = [
        f"Best set{limit}: {names}.",
        f"It costs {number(best.cost)} and avoids {number(best.avoided)} {unit} a year"
        f" ({number(best.loss_before)} before, {number(best.loss)} after).",
    ]
    if not best.proven:
        lines.append("Time ran out: a better set may exist.")
    elif best.exact:
        lines.append("No other set within the budget is better.")
    else:
        lines.append(
            "Chosen by the most probable cut sets, for many measures touch one function; a better"
            " set may exist."
        )
    return lines


def _bars(found: Answered) -> str:
    from standfast.engine.continuity.drawing.bars import Bar, bars

    rows = [
        Bar(
            each.measure.title,
            each.value,
            f"{number(each.value)} {_price(each)}",
            each.measure.name in found.best.measures,
        )
        for each in found.ranking[:SHOWN]
    ]
    title = f"What each measure buys a year ({found.unit})"
    return bars(rows, title=title, note="✓ in the best set")


def _page(found: Answered) -> None:
    from standfast.engine.continuity.drawing import Section, Table, page
    from standfast.engine.continuity.mitigation.ranking import said, said_of_pair

    rows = []
    for each in found.ranking:
        row = _row(each)
        cells = [
            number(row[key]) if row[key] is not None else "–"
            for key in ("cost", "value", "per_cost", "hours")
        ]
        counts = [f"{each.cut_sets[0]:,} → {each.cut_sets[1]:,}",
                  f"{each.single_points[0]} → {each.single_points[1]}"]  # fmt: skip
        rows.append([each.measure.title, *cells, *counts])
    table = Table(
        "Measures",
        ("measure", "cost a year", f"value ({found.unit})", "for each 1", "hours avoided",
         "cut sets", "single points"),
        rows,
        frozenset(range(1, 7)),
    )  # fmt: skip
    unit = found.unit if found.priced else ""
    spelled = Table(
        "In words",
        ("measure", "what it buys"),
        [(each.measure.title, str(said(each, unit=unit))) for each in found.ranking],
    )
    words = "\n".join(str(said_of_pair(pair, unit=found.unit)) for pair in found.pairs)
    sections = [
        Section("Best set", "\n".join(best_said(found))),
        Section("Ranking", words, _bars(found), [table, spelled]),
    ]
    click.echo(page(f"{found.organisation.name}: what to do first", sections))
