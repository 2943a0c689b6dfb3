"""`standfast continuity import`: parts of a model from topologies and lists of people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from standfast.cli.continuity.files import FILE, BadInput, read_bytes, read_organisation, refusing

if TYPE_CHECKING:
    from standfast.engine.continuity.importing.network import Fragment
    from standfast.engine.continuity.model import Organisation

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("import")
def import_group() -> None:
    """Read a network topology or a list of people into a continuity model.

    Prints a model document to start from, or with --into adds to an existing one, whose comments
    stay. Exit status: 0 imported; 2 the file or the model is wrong, and nothing was written.
    """


def where_options(command: Command) -> Command:
    """Where the result goes, for every kind of import."""
    into = click.option(
        "--into",
        type=click.Path(exists=True, dir_okay=False, writable=True, path_type=Path),
        help="Add to this model document; its comments and order stay.",
    )
    dry = click.option("--dry-run", is_flag=True, help="With --into: print the document instead.")
    name = click.option(
        "--name", default="Imported", show_default=True, help="Name of a new model."
    )
    return into(dry(name(command)))


@import_group.command("topology")
@click.argument("file", type=FILE)
@click.option(
    "--form",
    type=click.Choice(["graphml", "json", "edges"]),
    help="What FILE is; seen from its first character when not given.",
)
@click.option(
    "--direction",
    type=click.Choice(["links", "needs", "needed-by"]),
    default="links",
    show_default=True,
    help="What an edge from A to B means: a line between places; A needs B; B needs A.",
)
@click.option("--kind", help="Kind of the systems that are made: wan, lan, application, …")
@where_options
def import_topology(
    *, file: Path, form: str | None, direction: str, kind: str | None, into: Path | None,
    dry_run: bool, name: str,
) -> None:  # fmt: skip
    """Read a topology: GraphML, JSON of the Topology Zoo or CAIDA, or a list of edges."""
    from standfast.engine.continuity.importing.merging import taken_names
    from standfast.engine.continuity.importing.network import Direction, fragment
    from standfast.engine.continuity.importing.reading import read_topology
    from standfast.engine.continuity.model import SystemKind

    kinds = [each.value for each in SystemKind]
    if kind is not None and kind not in kinds:
        raise BadInput(f"--kind: “{kind}” is none of {', '.join(kinds)}")
    model = read_organisation(into) if into is not None else None
    with refusing(file):
        topology = read_topology(read_bytes(file), form)
        found = fragment(
            topology,
            direction=Direction(direction),
            kind=SystemKind(kind) if kind else None,
            taken=taken_names(model) if model else (),
        )
    _write(found, model, into=into, dry_run=dry_run, name=topology.name or name)


@import_group.command("people")
@click.argument("file", type=FILE)
@click.option(
    "--elsewhere",
    default="home",
    show_default=True,
    help="The location where those can work who the file says can work elsewhere.",
)
@where_options
def import_people(
    *, file: Path, elsewhere: str, into: Path | None, dry_run: bool, name: str
) -> None:
    """Read people from CSV: a row for each person, or for so many of a group at a place.

    Columns, in English or Chinese: group (or team, department), location (site, office), heads,
    role, remote (yes, no or a share), unit. Only the first is needed.
    """
    from standfast.engine.continuity.importing.merging import known_location, taken_names
    from standfast.engine.continuity.importing.people import read_people

    model = read_organisation(into) if into is not None else None
    with refusing(file):
        found = read_people(
            read_bytes(file),
            elsewhere=elsewhere,
            known=known_location(model) if model else None,
            taken=taken_names(model) if model else (),
        )
    _write(found, model, into=into, dry_run=dry_run, name=name)


def _write(
    found: Fragment, model: Organisation | None, *, into: Path | None, dry_run: bool, name: str
) -> None:
    from standfast.engine.continuity.document import dump, revise
    from standfast.engine.continuity.importing.merging import merged

    if model is None or into is None:
        click.echo(dump(found.alone(name)), nl=False)
        return
    with refusing(into):
        text = revise(into.read_text(encoding="utf-8"), merged(model, found))
    if dry_run:
        click.echo(text, nl=False)
        return
    into.write_text(text, encoding="utf-8")
    click.echo(
        f"{into}: added {len(found.groups)} groups, {len(found.locations)} locations"
        f" and {len(found.systems)} systems."
    )
