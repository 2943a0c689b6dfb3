"""`standfast edge keygen`: make a key pair for signing, or for emergencies."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def keygen(*, file: Path) -> None:
    """Make an Ed25519 key, write its secret half to FILE and print its public half.

    An existing FILE is left alone; its public half is printed.
    """
    from standfast.bundle.errors import BadKey
    from standfast.bundle.keys import load_or_make_key, public_text

    try:
        click.echo(public_text(load_or_make_key(file)))
    except BadKey as error:
        click.echo(f"FILE: {error}", err=True)
        sys.exit(2)
