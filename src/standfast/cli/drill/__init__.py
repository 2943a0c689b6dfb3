"""`standfast drill`: rehearsals of what must work on a bad day."""

from __future__ import annotations

import click

from standfast.cli.drill.backup_site import backup_site


@click.group()
def drill() -> None:
    """Rehearse a bad day, on a copy: nothing real is touched and nobody is told."""


drill.add_command(backup_site)
