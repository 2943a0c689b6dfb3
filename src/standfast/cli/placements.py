"""`standfast placements`: import where the tenants' users are."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.lookup import organisation_named
from standfast.cli.stored_data import with_data

if TYPE_CHECKING:
    from standfast.apps.catalog.services.importing import ImportReport
    from standfast.apps.tenancy.models import Organisation

SHOWN_ERRORS = 20


@click.group()
def placements() -> None:
    """Import where the tenants' users are."""


@placements.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mode",
    type=click.Choice(["full", "delta"]),
    default="full",
    show_default=True,
    help="full: what FILE does not name is removed. delta: only what it names changes.",
)
@click.option("--provider", "slug", help="Short name of the provider; not needed if there is one.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["plain", "json"]),
    default="plain",
    show_default=True,
    help="The result for people, or JSON for programs.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the bad rows (the first 1,000) to this file, as CSV.",
)
@with_data
def import_file(*, file: Path, mode: str, slug: str | None, form: str, report: Path | None) -> None:
    """Import FILE, CSV or Parquet, with the columns tenant, component, service and users.

    All or nothing: with any bad row nothing changes, the bad rows are listed, and the exit code
    is 1. In a delta, 0 users remove a placement.
    """
    from standfast.apps.catalog.queries.imports import error_report

    result = _run(file, mode=mode, provider=_provider(slug))
    if report is not None:
        report.write_text("".join(error_report(list(result.errors))), encoding="utf-8")
    if form == "json":
        click.echo(json.dumps(_as_json(result), ensure_ascii=False, indent=2))
    else:
        _show(result, report)
    if result.error_count:
        sys.exit(1)


def _provider(slug: str | None) -> Organisation:
    from standfast.apps.tenancy.errors import Refused
    from standfast.apps.tenancy.queries.organisations import organisations

    if slug is not None:
        found = organisation_named(slug, option="provider")
        if not found.is_provider:
            raise Refused("provider", f"“{slug}” is no provider.")
        return found
    providers = organisations(role="provider")
    if len(providers) != 1:
        named = ", ".join(provider.slug for provider in providers[:10]) or "none yet"
        raise Refused("provider", f"say whose placements these are; providers: {named}.")
    return providers[0]


def _run(file: Path, *, mode: str, provider: Organisation) -> ImportReport:
    from standfast.apps.catalog.services.importing import import_placements
    from standfast.apps.tenancy.actor import Actor

    size = file.stat().st_size
    with click.progressbar(
        length=size, label="Reading", file=sys.stderr, item_show_func=_rows_read
    ) as bar:

        def show(rows: int, bytes_read: int) -> None:
            bar.update(max(bytes_read - bar.pos, 0), rows)
            if bytes_read >= size:
                bar.label = "Writing"
                bar.render_progress()

        return import_placements(
            provider=provider,
            source=file,
            mode=mode,
            by=Actor.system("command line"),
            now=datetime.now(UTC),
            progress=show,
        )


def _rows_read(rows: int | None) -> str | None:
    return None if rows is None else f"{rows:,} rows"


def _show(result: ImportReport, report: Path | None) -> None:
    if not result.error_count:
        click.echo(
            f"{result.rows:,} rows read: {result.added:,} placements added, "
            f"{result.changed:,} changed, {result.removed:,} removed."
        )
        return
    for fault in result.errors[:SHOWN_ERRORS]:
        click.echo(f"line {fault.line}, {fault.field}: {fault.message}", err=True)
    more = result.error_count - min(SHOWN_ERRORS, len(result.errors))
    if more:
        where = f"; the first {len(result.errors):,} are in {report}" if report else ""
        click.echo(f"… and {more:,} more{where}", err=True)
    click.echo(
        f"{result.error_count:,} bad rows in {result.rows:,}: nothing was changed.", err=True
    )


def _as_json(result: ImportReport) -> dict[str, object]:
    return {
        "rows": result.rows,
        "added": result.added,
        "changed": result.changed,
        "removed": result.removed,
        "subscribed": result.subscribed,
        "errorCount": result.error_count,
        "errors": [{**fault.to_json(), "message": fault.message} for fault in result.errors],
    }
