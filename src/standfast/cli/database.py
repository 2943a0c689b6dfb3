"""`standfast migrate`: create or update the database's tables."""

from __future__ import annotations

import click

from standfast.cli.stored_data import with_data


@click.command("migrate")
@with_data
def migrate() -> None:
    """Create or update the database's tables. Safe to run again."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1)
