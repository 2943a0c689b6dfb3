"""`standfast continuity export`: the question itself, for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from standfast.cli.continuity.files import FILE


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE [MORE]...")
@click.option("--of", "names", multiple=True, metavar="NAME", help="Only this function or top.")
def export(*, files: tuple[Path, ...], names: tuple[str, ...]) -> None:
    """Print a model as an Open-PSA fault tree, so that another tool can check the answers.

    Each function is a top gate; elements and events are basic events with their unavailability.

    Exit status: 0 exported; 2 bad input.
    """
    from standfast.cli.continuity.graphs import read_graph
    from standfast.engine.continuity.gates import GateGraph
    from standfast.engine.continuity.openpsa.writing import write

    asked = read_graph(files, names)
    graph = GateGraph(asked.graph.leaves, asked.graph.gates, asked.tops)
    name = asked.organisation.name if asked.organisation else "model"
    click.echo(write(graph, name=name), nl=False)
    for function in sorted(asked.always):
        click.echo(f"Left out, for it is down whatever else happens: {function}.", err=True)
    for function in sorted(asked.never):
        click.echo(f"Left out, for nothing in the model can stop it: {function}.", err=True)
