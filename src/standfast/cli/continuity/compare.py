"""`standfast continuity compare`: two versions of a model, and what the change does."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standfast.cli.continuity.answers import format_option, heading, number, show_csv, show_json
from standfast.cli.continuity.files import FILE, BadInput, read_organisation

if TYPE_CHECKING:
    from standfast.engine.continuity.comparing.changes import EntryChange
    from standfast.engine.continuity.comparing.effects import Effects, FunctionEffect

MARKS = {"added": "+", "removed": "-", "changed": "~"}
FAILURES = ["changed", "worse"]


@click.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option(
    "--fail-on",
    type=click.Choice(FAILURES),
    help="Exit with 1 when anything changed, or when a function has a new single point of failure"
    " or a new problem.",
)
@click.option(
    "--budget",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Give up after so many seconds.",
)
@format_option("text", "json", "csv")
def compare(*, before: Path, after: Path, fail_on: str | None, budget: float, form: str) -> None:
    """Say what AFTER changes in BEFORE, and what that does to every function.

    Single points of failure gone and new, minimal cut sets by region, hours of downtime, gaps that
    were closed or opened.

    Exit status: 0 answered; 1 what --fail-on names came about; 2 bad input.
    """
    from standfast.engine.continuity.comparing.changes import changes
    from standfast.engine.continuity.comparing.effects import effects
    from standfast.engine.continuity.diagrams.budget import Budget, BudgetSpent

    old, new = read_organisation(before), read_organisation(after)
    changed = changes(old, new)
    try:
        done = effects(old, new, budget=Budget.of(budget, time.monotonic))
    except BudgetSpent as error:
        raise BadInput(f"{error}; allow more with --budget") from error
    match form:
        case "json":
            show_json(_as_data(changed, done))
        case "csv":
            rows = [row for each in changed for row in _rows(each)]
            show_csv(["place", "kind", "field", "before", "after"], rows)
        case _:
            _text(changed, done)
    worse = done.worse or any(found.severity.value == "problem" for found in done.findings_new)
    if (fail_on == "changed" and changed) or (fail_on == "worse" and worse):
        raise SystemExit(1)


def _rows(change: EntryChange) -> list[dict[str, str]]:
    row = {"place": change.place, "kind": change.kind.value}
    return [
        {**row, "field": each.field, "before": _said(each.before), "after": _said(each.after)}
        for each in change.fields
    ] or [row]


def _said(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_data(changed: tuple[EntryChange, ...], done: Effects) -> dict[str, Any]:
    return {
        "changes": [
            {
                "place": each.place,
                "kind": each.kind.value,
                "fields": [
                    {"field": one.field, "before": one.before, "after": one.after}
                    for one in each.fields
                ],
            }
            for each in changed
        ],
        "functions": [_function(each) for each in done.functions],
        "findings_gone": [str(each) for each in done.findings_gone],
        "findings_new": [str(each) for each in done.findings_new],
    }


def _function(effect: FunctionEffect) -> dict[str, Any]:
    before, after = effect.hours
    return {
        "name": effect.name,
        "there": [effect.before is not None, effect.after is not None],
        "hours_down": [before, after],
        "single_points_gone": list(effect.points_gone),
        "single_points_new": list(effect.points_new),
        "cut_sets": [
            list(state.by_order) if state else [] for state in (effect.before, effect.after)
        ],
        "regions": [
            {"region": sorted(area.value for area in region), "before": b, "after": a}
            for region, (b, a) in effect.regions.items()
        ],
    }


def _text(changed: tuple[EntryChange, ...], done: Effects) -> None:
    heading("Changes")
    if not changed:
        click.echo("  none: both say the same")
    for each in changed:
        click.echo(f"  {MARKS[each.kind.value]} {each.place}")
        for one in each.fields:
            click.echo(f"      {one.field}: {_said(one.before)} → {_said(one.after)}")
    effects = [each for each in done.functions if each.changed]
    click.echo("")
    heading("What that does")
    if not effects:
        click.echo("  nothing to any function's cut sets or downtime")
    for effect in effects:
        _effect(effect)
    for title, findings in (
        ("No longer found", done.findings_gone),
        ("Newly found", done.findings_new),
    ):
        if findings:
            click.echo("")
            heading(title)
        for found in findings:
            click.echo(f"  {found.severity.value}: {found.place}: {found.sentence}")


def _effect(effect: FunctionEffect) -> None:
    from standfast.engine.continuity.drawing.venn import spoken_region

    before, after = effect.hours
    there = "" if effect.before and effect.after else " (new)" if effect.after else " (gone)"
    click.echo(f"  {click.style(effect.name, bold=True)}{there}:"
               f" {number(before)} → {number(after)} hours down a year")  # fmt: skip
    if effect.points_gone:
        click.echo(f"      single points of failure gone: {', '.join(effect.points_gone)}")
    if effect.points_new:
        new = click.style("new single points of failure", fg="red")
        click.echo(f"      {new}: {', '.join(effect.points_new)}")
    for region, (old, fresh) in effect.regions.items():
        where = spoken_region(region) or "outside of the three areas"
        click.echo(f"      cut sets, {where}: {old:,} → {fresh:,}")
