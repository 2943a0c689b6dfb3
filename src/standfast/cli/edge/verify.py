"""`standfast edge verify`: is this bundle whole, genuine and fresh?"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from standfast.cli.tables import format_option

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.argument("where", metavar="DIR_OR_URL")
@click.option(
    "--public-key",
    "public_keys",
    multiple=True,
    help="Key that must have signed it (ed25519:…); repeatable.",
)
@click.option(
    "--public-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with such keys, one a line.",
)
@format_option
def verify(
    *, where: str, public_keys: tuple[str, ...], public_key_file: Path | None, form: str
) -> None:
    """Check every file of a bundle, its signature and its age, and say what is wrong.

    DIR_OR_URL is a folder, s3://…, gs://…, az://… or the http(s):// address of a site. Exit code
    1 when something is wrong, 2 when it was asked wrongly.
    """
    import json
    from dataclasses import asdict

    from standfast.bundle.checking import check_places, check_site
    from standfast.bundle.errors import StoreError
    from standfast.bundle.store import Store
    from standfast.cli.edge.trusted import trusted_keys

    trusted = trusted_keys(public_keys, public_key_file)
    try:
        store = Store(where)
    except StoreError as error:
        click.echo(f"DIR_OR_URL: {error}", err=True)
        sys.exit(2)
    now = datetime.now(UTC)
    report = check_site(store, trusted=trusted or None, now=now)
    if report.signed:
        keys = trusted or {report.signed.public}
        report.findings.extend(check_places(store, trusted=keys, now=now))
    if form == "json":
        rows = [asdict(finding) for finding in report.findings]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for finding in report.findings:
            mark = click.style(f"{finding.level:<4}", fg=_COLOURS[finding.level])
            click.echo(f"{mark}  {finding.kind:<12}  {finding.said}")
    if not report.is_good:
        sys.exit(1)
