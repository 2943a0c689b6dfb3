"""`standfast drill backup-site`: does the backup site stand when all else falls?"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from standfast.cli.stored_data import with_data
from standfast.cli.tables import format_option


@click.command("backup-site")
@click.option("--keep", is_flag=True, help="Keep the rehearsal's folder and say where it is.")
@click.option(
    "--report",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report as JSON to this file as well.",
)
@format_option
@with_data
def backup_site(*, form: str, keep: bool, file: Path | None) -> None:
    """Rehearse losing the application and its database, and print a report.

    It looks at the real stores (only looks), then works on a copy of the data in a folder of its
    own, with keys of its own: it writes a backup site, serves it, kills the application and moves
    its database away, posts in an emergency, brings the application back and sees the post taken
    over once. Nothing real is changed and nobody is told. Exit code 1 when a step fails.
    """
    if file and not os.access(file.resolve().parent, os.W_OK | os.X_OK):
        where = file.resolve().parent
        raise click.UsageError(
            f"--report: {file.name} cannot be written in {where}; make that folder or name one."
        )
    from standfast.cli.drill.report import Report, StepFailed, tell_step
    from standfast.cli.drill.stage import Stage
    from standfast.cli.drill.steps import look_at_real_stores, rehearse
    from standfast.cli.listening import free_port

    report = Report() if form == "json" else Report(tell=tell_step)
    folder = Path(tempfile.mkdtemp(prefix="standfast-drill-"))
    stage = Stage(folder, main_port=free_port(), edge_port=free_port())
    try:
        look_at_real_stores(report)
        rehearse(stage, report)
    except StepFailed:
        pass  # the report says so
    finally:
        stage.end()
        if keep:
            click.echo(f"Kept: {folder}", err=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if form == "json":
        click.echo(report.as_json())
    else:
        total = sum(step.seconds for step in report.steps)
        click.echo(f"\n{'Passed' if report.is_good else 'Failed'} in {total:.1f} s.")
    if file:
        file.write_text(report.as_json() + "\n", encoding="utf-8")
    if not report.is_good:
        sys.exit(1)
