"""`standfast edge`: the backup site, served and checked without Django or a database."""

from __future__ import annotations

import click

from standfast.cli.edge.keygen import keygen
from standfast.cli.edge.serve import serve
from standfast.cli.edge.verify import verify


@click.group()
def edge() -> None:
    """Serve and check the backup site: no database is needed."""


for _command in (keygen, serve, verify):
    edge.add_command(_command)
