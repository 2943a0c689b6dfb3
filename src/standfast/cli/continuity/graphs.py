"""Files whose questions are about failures: fault trees and models, as one gate graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from standfast.cli.continuity.files import BadInput, name_of, read_bytes, refusing

if TYPE_CHECKING:
    from standfast.engine.continuity.diagrams.budget import Budget
    from standfast.engine.continuity.gates import Area, GateGraph
    from standfast.engine.continuity.model import Organisation

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


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A gate graph to ask, and what is known about its tops beside it.

    `always` are functions of a model that are down whatever else happens, `never` those that
    nothing in it can stop; neither has a top. `areas` are for leaves that touch several circles.
    """

    graph: GateGraph
    tops: Mapping[str, int]
    areas: Mapping[str, frozenset[Area]] = field(default_factory=dict)
    organisation: Organisation | None = None
    always: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()

    def leaves(self, names: Sequence[str], option: str) -> frozenset[int]:
        """The numbers of the leaves with these names."""
        numbers = {leaf.name: number for number, leaf in enumerate(self.graph.leaves)}
        for name in names:
            if name not in numbers:
                raise BadInput(f"{option}: {_unknown(name, numbers)}")
        return frozenset(numbers[name] for name in names)

    def criticality(self, top: str) -> str:
        """How critical a function is; empty for a fault tree's top."""
        if self.organisation is None or top not in self.organisation.functions:
            return ""
        return self.organisation.functions[top].criticality.value


def read_graph(files: Sequence[Path], names: Sequence[str] = ()) -> Asked:
    """One model (YAML), or fault trees and their event files (XML), with these tops (or all)."""
    contents = []
    for file in files:
        with refusing(file):
            contents.append(read_bytes(file))
    if contents[0].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _fault_trees(files, contents, names)
    if len(files) > 1:
        raise BadInput(f"{files[1]}: a model is one file; only fault trees come in several")
    return _model(files[0], contents[0], names)


def _fault_trees(files: Sequence[Path], contents: Sequence[bytes], names: Sequence[str]) -> Asked:
    from standfast.engine.continuity.openpsa.errors import OpenPsaError
    from standfast.engine.continuity.openpsa.reading import Source, read

    sources = [
        Source(name_of(file), content) for file, content in zip(files, contents, strict=True)
    ]
    try:
        trees = read(sources)
    except OpenPsaError as error:
        raise BadInput(str(error)) from error
    for note in trees.notes:
        click.echo(f"Note: {note}.", err=True)
    return Asked(trees.graph, _chosen(trees.graph.tops, names))


def _model(file: Path, content: bytes, names: Sequence[str]) -> Asked:
    from standfast.engine.continuity.compiling import compile_model
    from standfast.engine.continuity.document import load

    with refusing(file):
        organisation = load(content)
    for name in names:
        if name not in organisation.functions:
            raise BadInput(f"--of: {_unknown(name, organisation.functions)}")
    with refusing(file):  # circles may be too large
        compiled = compile_model(organisation, functions=names or None)
    return Asked(
        compiled.graph,
        compiled.graph.tops,
        compiled.areas,
        organisation,
        compiled.always,
        compiled.never,
    )


def _chosen(tops: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    for name in names:
        if name not in tops:
            raise BadInput(f"--of: {_unknown(name, tops)}")
    return {name: tops[name] for name in names} if names else dict(tops)


def _unknown(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1, cutoff=0.0)
    return f"there is no “{name}”; did you mean “{near[0]}”?" if near else f"there is no “{name}”"
