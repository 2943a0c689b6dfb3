"""Files whose questions are about failures: fault trees and models, as one gate graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from standfast.cli.continuity.files import BadInput, read_bytes, refusing

if TYPE_CHECKING:
    from standfast.engine.continuity.diagrams.budget import Budget
    from standfast.engine.continuity.gates import GateGraph

MEGABYTE: Final = 1_000_000


def budget_options(command: Any) -> Any:
    """The options `--budget` and `--memory`."""
    command = click.option(
        "--memory",
        "megabytes",
        type=click.IntRange(min=16),
        default=1500,
        show_default=True,
        metavar="MB",
        help="Memory for tables, in megabytes.",
    )(command)
    return click.option(
        "--budget",
        "seconds",
        type=click.FloatRange(min=0),
        default=60,
        show_default=True,
        metavar="SECONDS",
        help="Time; when it is spent, the answer is a bound, and says so.",
    )(command)


def budget_of(seconds: float, megabytes: int) -> Budget:
    """A budget that begins now."""
    from time import monotonic

    from standfast.engine.continuity.diagrams.budget import Budget

    return Budget.of(seconds, monotonic, memory=megabytes * MEGABYTE)


def read_graph(files: Sequence[Path]) -> GateGraph:
    """The gate graph of one model (YAML), or of fault trees and their event files (XML)."""
    contents = []
    for file in files:
        with refusing(file):
            contents.append(read_bytes(file))
    if contents[0].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _fault_trees(files, contents)
    raise BadInput(f"{files[0]}: this is no fault tree in XML")


def _fault_trees(files: Sequence[Path], contents: Sequence[bytes]) -> GateGraph:
    from standfast.engine.continuity.openpsa.errors import OpenPsaError
    from standfast.engine.continuity.openpsa.reading import Source, read

    sources = [Source(str(file), content) for file, content in zip(files, contents, strict=True)]
    try:
        trees = read(sources)
    except OpenPsaError as error:
        raise BadInput(str(error)) from error
    for note in trees.notes:
        click.echo(f"Note: {note}.", err=True)
    return trees.graph


def tops_of(graph: GateGraph, wanted: Sequence[str]) -> dict[str, int]:
    """The tops with these names, or all of them."""
    if not wanted:
        return dict(graph.tops)
    unknown = [name for name in wanted if name not in graph.tops]
    if unknown:
        known = ", ".join(list(graph.tops)[:20])
        raise BadInput(f"--of: there is no “{unknown[0]}”; there are: {known}")
    return {name: graph.tops[name] for name in wanted}
