"""Measure trials a second on a generated model: sampling, evaluation and counting of every gate.

`python -m bench.simulation [--gates N --edges N --seconds S --write]` prints a Markdown table;
`--write` also puts it into `bench/results/simulation.md`.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.simulation import compiled, evaluating
from standfast.engine.continuity.simulation.exposure import Exposure
from standfast.engine.continuity.simulation.kernels import NumbaKernel, NumpyKernel
from standfast.engine.continuity.simulation.programme import probabilities, programme
from standfast.engine.continuity.simulation.sampling import STRETCH_TRIALS, chances, sampled
from standfast.engine.continuity.simulation.years import Budget, live_through

RESULTS = Path(__file__).parent / "results" / "simulation.md"
THRESHOLDS = 0.082
MEAN = 0.02
Row = tuple[str, float, float]


def generated(*, gates: int, edges: int, seed: int = 1) -> GateGraph:
    """As many leaves as gates, exponential probabilities of 2 % on average, 8 % thresholds."""
    draw = random.Random(seed)
    leaves = tuple(
        Leaf(
            f"l{number}",
            unavailability=min(0.5, draw.expovariate(1 / MEAN)),
            frequency=draw.uniform(0.5, 4.0),
            repair_hours=draw.uniform(2.0, 48.0),
        )
        for number in range(gates)
    )
    sizes = [2] * gates
    for _ in range(edges - 2 * gates):
        sizes[draw.randrange(gates)] += 1
    thresholds = set(draw.sample(range(gates), round(gates * THRESHOLDS)))
    made = []
    for number, size in enumerate(sizes):
        children = tuple(draw.sample(range(gates + number), size))
        if number in thresholds:
            made.append(Gate(f"g{number}", Operator.ATLEAST, children, max(1, size // 2)))
        else:
            made.append(Gate(f"g{number}", draw.choice([Operator.AND, Operator.OR]), children))
    return GateGraph(leaves, tuple(made), {"top": 2 * gates - 1})


def rate(
    one_stretch: Callable[[int], object], seconds: float, threads: int = 1
) -> tuple[float, float]:
    """Trials a second of wall time and of processor time, after one stretch to warm up."""
    one_stretch(0)
    done, begun, spent = 0, time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        while time.perf_counter() - begun < seconds:
            list(pool.map(one_stretch, range(done, done + 4 * threads)))
            done += 4 * threads
    trials = done * STRETCH_TRIALS
    return trials / (time.perf_counter() - begun), trials / (time.process_time() - spent)


def measured(graph: GateGraph, seconds: float) -> list[Row]:
    """The kernels side by side, on the same trials."""
    prog, how = programme(graph), chances(probabilities(graph))
    leaves = sampled(how, seed=1, stretch=0)
    plain, fast = NumpyKernel(), NumbaKernel()
    assert (
        plain.counted(prog, how, seed=1, stretch=5) == fast.counted(prog, how, seed=1, stretch=5)
    ).all(), "the kernels disagree"
    block = leaves[:, :64].copy()

    def blocks(_stretch: int) -> None:
        for _ in range(leaves.shape[1] // 64):
            compiled.evaluated(prog, block)

    questions: list[tuple[str, Callable[[int], object], int]] = [
        ("numpy, all", lambda n: plain.counted(prog, how, seed=1, stretch=n), 1),
        ("numpy, evaluation only", lambda _n: evaluating.evaluated(prog, leaves), 1),
        ("numba, all", lambda n: fast.counted(prog, how, seed=1, stretch=n), 1),
        ("numba, evaluation only", blocks, 1),
        ("numba, all, 2 threads", lambda n: fast.counted(prog, how, seed=1, stretch=n), 2),
    ]
    return [(name, *rate(ask, seconds, threads)) for name, ask, threads in questions]


def years_a_second(graph: GateGraph, years: int) -> tuple[float, float]:
    """Years lived through a second, and failures in them."""
    events = sum(leaf.frequency or 0.0 for leaf in graph.leaves)
    begun = time.process_time()
    live_through(Exposure(graph), seed=1, budget=Budget(years=years))
    taken = time.process_time() - begun
    return years / taken, events * years / taken


def table(graph: GateGraph, rows: list[Row], years: tuple[float, float]) -> str:
    """The figures as Markdown."""
    edges = sum(len(gate.children) for gate in graph.gates)
    lines = [
        f"{len(graph.gates):,} gates, {len(graph.leaves):,} leaves, {edges:,} edges, mean"
        f" probability 2 %, failures of every gate counted; Python {platform.python_version()},"
        f" {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}.",
        "",
        "| Kernel | trials a second | a second of processor time | gate evaluations a second |",
        "|---|--:|--:|--:|",
    ]
    for name, wall, cpu in rows:
        gates = cpu * len(graph.gates) / 1e9
        lines.append(f"| {name} | {wall / 1e6:.2f} M | {cpu / 1e6:.2f} M | {gates:.2f} G |")
    lines += [
        "",
        f"Years of the same model: {years[0]:,.0f} a second of processor time,"
        f" {years[1]:,.0f} failures a second.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write when asked."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--gates", type=int, default=1000)
    arguments.add_argument("--edges", type=int, default=4025)
    arguments.add_argument("--seconds", type=float, default=2.0)
    arguments.add_argument("--years", type=int, default=200)
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    graph = generated(gates=options.gates, edges=options.edges)
    said = table(graph, measured(graph, options.seconds), years_a_second(graph, options.years))
    print(said)
    if options.write:
        head = "# Simulation, measured\n\n`python -m bench.simulation --write`"
        RESULTS.write_text(f"{head}, on a machine that other work shared.\n\n{said}\n")


if __name__ == "__main__":
    main()
