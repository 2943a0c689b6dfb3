"""Simulations run for the command line, and shown in its forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from standfast.cli.continuity.answers import heading, named, number, show_csv, show_json
from standfast.cli.continuity.crews import crew_of
from standfast.cli.continuity.happening import known

if TYPE_CHECKING:
    from standfast.engine.continuity.model import Organisation
    from standfast.engine.continuity.simulation.curves import Spread
    from standfast.engine.continuity.simulation.kernels import KernelName
    from standfast.engine.continuity.simulation.organisations import Assumed
    from standfast.engine.continuity.simulation.years import Lived, Years

NEVER_FAIL = "Taken never to fail, for nobody says how often"
FOUR_HOURS = "Taken to fail for 4 hours at a time, for only a share is known"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class LivedThrough:
    """Years of a model, with what was assumed and what needs no simulation."""

    organisation: Organisation
    years: Years
    assumed: Assumed
    always: tuple[str, ...]
    never: tuple[str, ...]


def lived(
    organisation: Organisation,
    names: Sequence[str],
    crews: Sequence[str],
    *,
    years: int,
    seed: int,
    confidence: float,
    seconds: float,
    clock: Callable[[], float],
    kernel: KernelName | None,
    progress: Progress,
) -> LivedThrough:
    """Compile the model and live through years."""
    from standfast.engine.continuity.compiling import compile_model
    from standfast.engine.continuity.simulation.organisations import exposed
    from standfast.engine.continuity.simulation.years import Budget, live_through

    wanted = [known(name, organisation.functions, "--of") for name in names] or None
    compiled = compile_model(organisation, functions=wanted)
    elements = [element.name for element in organisation.elements()]
    asked = [crew_of(text, elements, compiled.leaf_numbers) for text in crews]
    assumed = exposed(organisation, compiled, crews=asked)
    found = live_through(
        assumed.exposure,
        seed=seed,
        budget=Budget(years, seconds, clock),
        confidence=confidence,
        kernel_name=kernel,
        progress=progress,
    )
    always, never = tuple(sorted(compiled.always)), tuple(sorted(compiled.never))
    return LivedThrough(organisation, found, assumed, always, never)


def show_years(found: LivedThrough, form: str) -> None:
    """Show years in one of the forms."""
    match form:
        case "json":
            show_json(_as_data(found))
        case "csv":
            rows = [_row(each) for each in found.years.tops.values()]
            show_csv(list(rows[0]) if rows else [], rows)
        case "svg":
            click.echo(_curve(found))
        case "html":
            _page(found)
        case _:
            _text(found)


def _spread(spread: Spread) -> dict[str, Any]:
    return {
        "mean": spread.mean,
        "mean_interval": list(spread.mean_interval),
        "percentiles": [
            {"share": each.share, "value": each.value, "interval": list(each.interval)}
            for each in spread.percentiles
        ],
    }


def _as_data(found: LivedThrough) -> dict[str, Any]:
    years = found.years
    return {
        "organisation": found.organisation.name,
        "currency": found.organisation.currency,
        "years": years.years,
        "seed": years.seed,
        "confidence": years.confidence,
        "stopped": years.stopped,
        "loss": _spread(years.loss),
        "exceedance": [{"loss": loss, "share": share} for loss, share in years.curve],
        "functions": [
            {
                **_row(each),
                "downtime_hours": _spread(each.downtime),
                "loss": _spread(each.loss),
                "triggers": [{"name": name, "hours": hours} for name, hours in each.triggers],
            }
            for each in years.tops.values()
        ],
        "always_down": list(found.always),
        "never_down": list(found.never),
        "never_fails_for_want_of_data": list(found.assumed.unknown),
        "outage_length_assumed": list(found.assumed.assumed),
    }


def _row(each: Lived) -> dict[str, Any]:
    return {
        "name": each.name,
        "hours_down": each.downtime.mean,
        "outages": each.outages,
        "longest_hours": each.longest,
        "rto_breaches": each.rto_breaches,
        "mtpd_breaches": each.mtpd_breaches,
        "loss": each.loss.mean,
    }


def _text(found: LivedThrough) -> None:
    years, unit = found.years, found.organisation.currency
    heading(f"{found.organisation.name}: {years.years:,} years (seed {years.seed})")
    for each in years.tops.values():
        click.echo("")
        heading(found.organisation.title(each.name))
        low, high = each.downtime.mean_interval
        click.echo(
            f"  Down {number(each.downtime.mean)} hours a year"
            f" ({number(low)} … {number(high)}, {years.confidence:.0%} sure),"
            f" in {number(each.outages)} outages, the longest {number(each.longest)} hours."
        )
        function = found.organisation.functions[each.name]
        for word, objective, breaches in (
            ("RTO", function.rto, each.rto_breaches),
            ("MTPD", function.mtpd, each.mtpd_breaches),
        ):
            if objective is not None:
                every = f", once in {number(1 / breaches)} years" if breaches else ""
                click.echo(f"  {word} breached {number(breaches)} times a year{every}.")
        if function.loss:
            click.echo(f"  Loss {number(each.loss.mean)} {unit} a year; {_percentiles(each.loss)}.")
        if each.triggers:
            first = ", ".join(f"{name} {number(hours)} h" for name, hours in each.triggers[:3])
            click.echo(f"  Outages begin with: {first}.")
    if any(function.loss for function in found.organisation.functions.values()):
        click.echo("")
        mean = number(years.loss.mean)
        click.echo(f"All together lose {mean} {unit} a year; {_percentiles(years.loss)}.")
    _notes(found)


def _percentiles(spread: Spread) -> str:
    wanted = (0.5, 0.9, 0.99)
    parts = [
        f"{each.share:.0%} of years {number(each.value)} or less"
        for each in spread.percentiles
        if each.share in wanted
    ]
    return ", ".join(parts)


def _notes(found: LivedThrough) -> None:
    for note in notes(found):
        click.echo(note, err=True)


def notes(found: LivedThrough) -> list[str]:
    """What was assumed, and what was not simulated."""
    said = []
    if found.assumed.unknown:
        said.append(f"{NEVER_FAIL}: {named(found.assumed.unknown)}.")
    if found.assumed.assumed:
        said.append(f"{FOUR_HOURS}: {named(found.assumed.assumed)}.")
    if found.always:
        said.append(f"Down whatever else happens: {named(found.always)}.")
    if found.never:
        said.append(f"Nothing in the model can stop: {named(found.never)}.")
    if found.years.stopped == "budget":
        said.append(f"Stopped after {found.years.years:,} years, for the budget was spent.")
    return said


def _curve(found: LivedThrough) -> str:
    from standfast.engine.continuity.drawing.curve import exceedance_curve

    return exceedance_curve(
        found.years.curve,
        name=found.organisation.name,
        unit=found.organisation.currency or "loss",
        marks=[(each.share, each.value) for each in found.years.loss.percentiles],
    )


def _page(found: LivedThrough) -> None:
    from standfast.engine.continuity.drawing import Section, Table, page

    columns: Mapping[str, str] = {
        "name": "function",
        "hours_down": "hours down a year",
        "outages": "outages a year",
        "longest_hours": "longest outage, h",
        "rto_breaches": "RTO breaches a year",
        "mtpd_breaches": "MTPD breaches a year",
        "loss": f"loss a year {found.organisation.currency}",
    }
    rows = []
    for each in found.years.tops.values():
        row = _row(each)
        title = found.organisation.title(each.name)
        rows.append([title, *(number(row[key]) for key in columns if key != "name")])
    numbers = frozenset(range(1, len(columns)))
    functions = Table("Functions, means of a year", tuple(columns.values()), rows, numbers)
    percentiles = Table(
        "All losses of a year",
        ("share of years", "lose at most", "interval"),
        [
            (f"{each.share:.1%}", number(each.value), " … ".join(map(number, each.interval)))
            for each in found.years.loss.percentiles
        ],
        frozenset({1, 2}),
    )
    sections = [
        Section(
            "How often a year loses more", "\n".join(notes(found)), _curve(found), [percentiles]
        ),
        Section("Functions", tables=[functions]),
    ]
    intro = f"{found.years.years:,} simulated years, seed {found.years.seed}."
    click.echo(page(f"{found.organisation.name}: downtime and losses", sections, intro=intro))
