"""`standfast doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import click

from standfast.cli import findings
from standfast.cli.stored_data import with_data
from standfast.cli.tables import format_option

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command("doctor")
@format_option
@with_data
def doctor(*, form: str) -> None:
    """Check that everything is in order, and say what to do.

    Exit code 1 when a check fails; a warning alone is 0.
    """
    import json
    from dataclasses import asdict

    now = datetime.now(UTC)
    results = [_looked(check, now) for check in findings.CHECKS]
    if form == "json":
        click.echo(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=2))
    else:
        for result in results:
            mark = click.style(f"{result.level:<4}", fg=_COLOURS[result.level])
            click.echo(f"{mark}  {result.about:<14}{result.said}")
            if result.todo:
                click.echo(f"      {'':<14}→ {result.todo}")
    if any(result.level == "fail" for result in results):
        sys.exit(1)


def _looked(check: Callable[[datetime], findings.Finding], now: datetime) -> findings.Finding:
    """One check's finding; a check that breaks is itself a finding."""
    try:
        return check(now)
    except Exception as error:
        about = check.__name__.replace("_", " ")
        return findings.fail(
            about, f"could not be checked: {error}", "Mend what fails above first."
        )
