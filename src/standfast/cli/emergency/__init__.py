"""`standfast emergency`: tell people on the backup site when all else is gone."""

from __future__ import annotations

import click

from standfast.cli.emergency.post import post


@click.group()
def emergency() -> None:
    """Post straight to the backup site when the application is gone."""


emergency.add_command(post)
