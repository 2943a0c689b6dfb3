"""`standfast continuity mitigate`: what to do first."""

from __future__ import annotations

import time
from pathlib import Path

import click

from standfast.cli.continuity.answers import format_option
from standfast.cli.continuity.files import FILE, BadInput, read_organisation


@click.command()
@click.argument("file", type=FILE)
@click.option("--spend", type=click.FloatRange(0), help="The best set for at most so much a year.")
@click.option(
    "--net", is_flag=True, help="Leave out of the best set what costs more than it saves."
)
@click.option(
    "--event",
    "events",
    multiple=True,
    metavar="NAME",
    help="Only these events may happen; all of FILE when not given.",
)
@click.option(
    "--generic",
    is_flag=True,
    help="Also twins and faster repairs for single points of failure (no cost is known of these).",
)
@click.option(
    "--budget",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Give up after so many seconds.",
)
@format_option("text", "json", "csv", "svg", "html")
def mitigate(
    *,
    file: Path,
    spend: float | None,
    net: bool,
    events: tuple[str, ...],
    generic: bool,
    budget: float,
    form: str,
) -> None:
    """Rank what could be done by what it buys, and choose the best set under a budget.

    Measures are the policies of FILE that are not in place. What each buys is worked out exactly:
    downtime and losses avoided, minimal cut sets and single points of failure gone. Pairs that are
    worth more together are told, and the best set takes them into account.

    Exit status: 0 answered; 2 bad input.
    """
    from standfast.cli.continuity import mitigated
    from standfast.engine.continuity.diagrams.budget import Budget, BudgetSpent

    organisation = read_organisation(file)
    try:
        found = mitigated.answered(
            organisation,
            spend=spend,
            net=net,
            events=events,
            generic=generic,
            budget=Budget.of(budget, time.monotonic),
        )
    except BudgetSpent as error:
        raise BadInput(f"{error}; allow more with --budget") from error
    mitigated.show(found, form)
