"""`standfast continuity simulate`: years of failures, or trials of a random moment."""

from __future__ import annotations

import time
from pathlib import Path

import click

from standfast.cli.continuity.answers import format_option, progress
from standfast.cli.continuity.files import FILE, BadInput, is_fault_tree, read_organisation


@click.command()
@click.argument("file", type=FILE)
@click.option("--of", "names", multiple=True, metavar="NAME", help="Only this function or top.")
@click.option(
    "--years",
    type=click.IntRange(1, 10_000_000),
    default=10_000,
    show_default=True,
    help="Live through so many years of a model.",
)
@click.option(
    "--trials",
    type=click.IntRange(1, 10**12),
    help="Look at so many random moments instead; the way for fault trees (1,000,000).",
)
@click.option(
    "--precision",
    type=click.FloatRange(0, 1, min_open=True),
    help="For trials: stop when each interval is this narrow, as a share of the probability.",
)
@click.option(
    "--crew",
    "crews",
    multiple=True,
    metavar="NAME=SIZE:ELEMENTS[@DAYS HH-HH]",
    help="Repairs of these queue for so many people, on duty then: it=2:mail,vpn@mon-fri 08-18.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed, the same answer."
)
@click.option(
    "--confidence",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="How sure the intervals are.",
)
@click.option(
    "--budget",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Stop after so many seconds; the answer says how far it came.",
)
@click.option(
    "--kernel",
    type=click.Choice(["auto", "numpy", "numba"]),
    default="auto",
    show_default=True,
    help="Compiled code needs the extra “fast”; the numbers are the same.",
)
@click.option(
    "--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="For trials."
)
@format_option("text", "json", "csv", "svg", "html")
def simulate(
    *, file: Path, names: tuple[str, ...], years: int, trials: int | None,
    precision: float | None, crews: tuple[str, ...], seed: int, confidence: float, budget: float,
    kernel: str, threads: int, form: str,
) -> None:  # fmt: skip
    """Try what diagrams cannot tell: downtime and losses over years, with crews and rosters.

    A model lives through years: downtime, breaches of RTO and MTPD, and losses of each function,
    with percentiles and the curve of how often a year loses more. With --trials, and for fault
    trees, the probability of being down at a random moment is estimated instead.

    Exit status: 0 answered; 2 bad input.
    """
    from standfast.cli.continuity import simulated, tried
    from standfast.engine.continuity.simulation.kernels import KernelName

    chosen = None if kernel == "auto" else KernelName(kernel)
    try:
        if trials is not None or precision is not None or is_fault_tree(file):
            if crews:
                raise BadInput("--crew: trials know no time; leave out --trials and --precision")
            with progress("Trying") as show:
                found, unknown = tried.tried(
                    file,
                    names,
                    trials=trials or 1_000_000,
                    precision=precision,
                    seed=seed,
                    confidence=confidence,
                    seconds=budget,
                    clock=time.monotonic,
                    kernel=chosen,
                    threads=threads,
                    progress=show,
                )
            tried.show(found, unknown, form)
            return
        organisation = read_organisation(file)
        with progress("Living through years") as show:
            lived = simulated.lived(
                organisation,
                names,
                crews,
                years=years,
                seed=seed,
                confidence=confidence,
                seconds=budget,
                clock=time.monotonic,
                kernel=chosen,
                progress=show,
            )
        simulated.show_years(lived, form)
    except ValueError as error:
        raise BadInput(str(error)) from error
