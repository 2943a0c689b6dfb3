"""`standfast continuity evaluate`: what stops, when, why, and for how long."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.continuity.answers import format_option, show_json
from standfast.cli.continuity.files import FILE, BadInput, read_organisation

if TYPE_CHECKING:
    from standfast.cli.continuity.evaluated import Answer

CRITICALITIES = ["mission-critical", "business-critical", "important", "deferrable"]
# What `--fail-on` may say, and what counts as it (anything worse does, too).
OUTCOMES = ["degraded", "down", "rto", "mtpd"]


@click.command("evaluate")
@click.argument("file", type=FILE)
@click.option("--scenario", "scenarios", multiple=True, metavar="NAME", help="A scenario of FILE.")
@click.option(
    "--event",
    "events",
    multiple=True,
    metavar="NAME[@START][+LENGTH]",
    help="An event of FILE or of the library happens: snowstorm@6h+2d.",
)
@click.option(
    "--down",
    multiple=True,
    metavar="NAME[@START][+LENGTH][=SHARE]",
    help="An element is down: erp, vpn@1h+2h, crew=40%; office/entry when people cannot get in.",
)
@click.option("--with", "with_policies", multiple=True, metavar="POLICY", help="As if in place.")
@click.option("--without", "without_policies", multiple=True, metavar="POLICY", help="As if not.")
@click.option("--horizon", metavar="LENGTH", help="Count losses so far, such as 3d.")
@click.option(
    "--fail-on",
    type=click.Choice(OUTCOMES),
    help="Exit with 1 when a function comes to this or worse.",
)
@click.option(
    "--criticality",
    type=click.Choice(CRITICALITIES),
    default="deferrable",
    show_default=True,
    help="For --fail-on: only functions at least as critical.",
)
@format_option("text", "json", "csv", "svg", "html")
def evaluate(
    *,
    file: Path,
    scenarios: tuple[str, ...],
    events: tuple[str, ...],
    down: tuple[str, ...],
    with_policies: tuple[str, ...],
    without_policies: tuple[str, ...],
    horizon: str | None,
    fail_on: str | None,
    criticality: str,
    form: str,
) -> None:
    """Say which functions stop or degrade, when RTO and MTPD are breached, and why.

    Without --scenario, --event and --down all scenarios of FILE are evaluated.

    Exit status: 0 answered; 1 what --fail-on names came about; 2 bad input.
    """
    from standfast.cli.continuity import evaluated
    from standfast.cli.continuity.happening import asked_for, timed, with_library
    from standfast.engine.continuity.evaluation import Evaluator

    organisation = with_library(read_organisation(file))
    chosen = asked_for(
        organisation,
        scenarios=scenarios,
        events=events,
        down=down,
        with_policies=with_policies,
        without_policies=without_policies,
    )
    until = timed(horizon, "--horizon") if horizon else None
    evaluator = Evaluator(organisation)
    answers = [
        evaluated.Answer(evaluator, evaluator.evaluate(each, horizon=until)) for each in chosen
    ]
    match form:
        case "json":
            data = [evaluated.as_data(answer) for answer in answers]
            show_json(data[0] if len(data) == 1 else data)
        case "csv":
            evaluated.as_csv(answers)
        case "svg":
            _svg(answers)
        case "html":
            evaluated.as_html(answers)
        case _:
            for number, answer in enumerate(answers):
                if number:
                    click.echo("\n")
                evaluated.as_text(answer)
    if fail_on and any(_comes_to(answer, fail_on, criticality) for answer in answers):
        raise SystemExit(1)


def _svg(answers: list[Answer]) -> None:
    from standfast.engine.continuity.drawing import gantt

    if len(answers) > 1:
        raise BadInput("--format svg draws one scenario; choose it with --scenario")
    click.echo(gantt(answers[0].evaluation, answers[0].organisation))


def _comes_to(answer: Answer, outcome: str, criticality: str) -> bool:
    from standfast.engine.continuity.evaluation import Standing

    matters = CRITICALITIES[: CRITICALITIES.index(criticality) + 1]
    for name, course in answer.evaluation.worst.functions.items():
        reached = [
            course.worst is not Standing.UP,
            course.worst is Standing.DOWN,
            course.rto_breach is not None,
            course.mtpd_breach is not None,
        ]
        critical = answer.organisation.functions[name].criticality.value in matters
        if critical and any(reached[OUTCOMES.index(outcome) :]):
            return True
    return False
