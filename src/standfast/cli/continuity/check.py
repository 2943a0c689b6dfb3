"""`standfast continuity check`: is the document right, and can the plan hold?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from standfast.cli.continuity.answers import format_option, heading, show_csv, show_json
from standfast.cli.continuity.files import FILE, name_of, read_organisation, refusing

if TYPE_CHECKING:
    from standfast.engine.continuity.checks.finding import Finding
    from standfast.engine.continuity.model import Organisation

SEVERITIES = ["problem", "risk", "hint"]
_COLOURS = {"problem": "red", "risk": "yellow", "hint": "cyan"}


@click.command("check")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="never",
    show_default=True,
    help="Exit with 1 when there is a finding as bad as this.",
)
@click.option("--rule", "rules", multiple=True, help="Only findings of this rule; repeatable.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of documents, for editors.")
@format_option("text", "json", "csv")
def check(
    *, file: Path | None, fail_on: str, rules: tuple[str, ...], schema: bool, form: str
) -> None:
    """Check a continuity model: every mistake with its line, then gaps and risks of the plan.

    Exit status: 0 the document is right; 1 there is a finding that --fail-on names; 2 the document
    is not right.
    """
    from standfast.engine.continuity.document import json_schema

    if schema:
        click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return
    if file is None:
        raise click.UsageError("Missing argument “FILE”.")
    organisation = read_organisation(file)
    with refusing(file):
        found = [each for each in findings(organisation) if not rules or each.rule in rules]
    rows = [_row(each) for each in found]
    match form:
        case "json":
            show_json({"file": name_of(file), "organisation": organisation.name, "findings": rows})
        case "csv":
            show_csv(["severity", "rule", "place", "said", "fix"], rows)
        case _:
            _text(file, organisation, found)
    worst = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on != "never" else []
    if any(each.severity.value in worst for each in found):
        raise SystemExit(1)


def findings(organisation: Organisation) -> tuple[Finding, ...]:
    """Everything that the checks find, in the model and in its compiled graph, worst first."""
    from standfast.engine.continuity.checks.every import check_graph, check_model
    from standfast.engine.continuity.checks.finding import in_order
    from standfast.engine.continuity.compiling import compile_model

    compiled = compile_model(organisation, events=())
    numbers = compiled.leaf_numbers
    graph = check_graph(
        organisation,
        compiled.graph,
        leaves_of={name: [number] for name, number in numbers.items()},
        element_of={number: name for name, number in numbers.items()},
    )
    return in_order((*check_model(organisation), *graph))


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.value,
        "rule": finding.rule,
        "place": finding.place,
        "said": str(finding.sentence),
        "fix": str(finding.fix),
        "elements": list(finding.elements),
    }


def _text(file: Path, organisation: Organisation, found: list[Finding]) -> None:
    heading(f"{organisation.name} ({name_of(file)})")
    elements = sum(1 for _ in organisation.elements())
    sizes = [
        _counted(elements, "element"),
        _counted(len(organisation.functions), "function"),
        _counted(len(organisation.events), "event"),
        _counted(len(organisation.scenarios), "scenario"),
    ]
    click.echo(f"The document is right: {', '.join(sizes)}.")
    counted = [(sum(each.severity.value == level for each in found), level) for level in SEVERITIES]
    counts = [_counted(count, level) for count, level in counted]
    click.echo(f"Findings: {', '.join(counts)}.")
    for each in found:
        level = click.style(f"{each.severity.value:<8}", fg=_COLOURS[each.severity.value])
        click.echo(f"\n{level} {each.place}  [{each.rule}]")
        click.echo(f"         {each.sentence}")
        click.echo(f"         → {each.fix}")


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")
