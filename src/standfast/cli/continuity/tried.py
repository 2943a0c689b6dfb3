"""Trials of random moments, run for the command line and shown in its forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from standfast.cli.continuity.answers import heading, named, number, show_csv, show_json
from standfast.cli.continuity.files import BadInput

if TYPE_CHECKING:
    from standfast.engine.continuity.simulation.kernels import KernelName
    from standfast.engine.continuity.simulation.trials import Trials

Progress = Callable[[int, int], None]


def tried(
    file: Path,
    names: Sequence[str],
    *,
    trials: int,
    precision: float | None,
    seed: int,
    confidence: float,
    seconds: float,
    clock: Callable[[], float],
    kernel: KernelName | None,
    threads: int,
    progress: Progress,
) -> tuple[Trials, tuple[str, ...]]:
    """Try random moments of a model or a fault tree; name what is taken never to fail."""
    from dataclasses import replace

    from standfast.cli.continuity.graphs import read_graph
    from standfast.engine.continuity.simulation.trials import Stopping, simulate

    asked = read_graph([file], names)
    unknown = [leaf.name for leaf in asked.graph.leaves if leaf.unavailability is None]
    if unknown and asked.organisation is None:
        raise BadInput(f"{file}: “{unknown[0]}” has no probability; add its basic event")
    found = simulate(
        replace(asked.graph, tops=dict(asked.tops)),
        seed=seed,
        stopping=Stopping(trials, relative=precision, seconds=seconds, clock=clock),
        given=[leaf.unavailability or 0.0 for leaf in asked.graph.leaves],
        confidence=confidence,
        kernel_name=kernel,
        threads=threads,
        progress=progress,
    )
    return found, tuple(unknown)


def show(found: Trials, unknown: Sequence[str], form: str) -> None:
    """Show trials; there is nothing to draw."""
    rows = [
        {
            "name": each.name,
            "probability": each.probability,
            "low": each.interval.low,
            "high": each.interval.high,
            "failures": each.failures,
        }
        for each in found.estimates.values()
    ]
    if form == "csv":
        show_csv(["name", "probability", "low", "high", "failures"], rows)
    elif form == "json":
        head = {"trials": found.trials, "seed": found.seed, "confidence": found.confidence}
        more = {"kernel": found.kernel.value, "stopped": found.stopped}
        show_json({**head, **more, "tops": rows})
    elif form == "text":
        heading(f"{found.trials:,} random moments (seed {found.seed})")
        for each in found.estimates.values():
            low, high = each.interval
            sure = f"{number(low)} … {number(high)}, {found.confidence:.0%} sure"
            click.echo(f"  {each.name}: {number(each.probability)}  ({sure})")
        if found.stopped == "budget":
            click.echo("  Stopped because the budget was spent.")
    else:
        raise BadInput(f"--format {form}: trials are numbers; take text, json or csv")
    if unknown:
        click.echo(f"Taken never to fail, for nobody says how often: {named(unknown)}.", err=True)
