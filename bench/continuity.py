"""The continuity model at size: load, evaluate, change, compile; how cost grows.

Times are the best of a few runs in one process, since the machine may be shared; figures that other
work disturbs less are given as processor time. `python -m bench.continuity` records the result.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bench.continuity_world import make_organisation
from standfast.engine.continuity.compiling import Compiled, compile_model
from standfast.engine.continuity.cutsets.result import CutSets
from standfast.engine.continuity.diagrams.solving import solve
from standfast.engine.continuity.document import load, to_data
from standfast.engine.continuity.evaluation import Evaluator, State, affected
from standfast.engine.continuity.model import Organisation
from standfast.engine.continuity.workforce import UNIT

RESULTS = Path(__file__).parent / "results/continuity.md"
SIZES = (1_000, 3_000, 10_000, 30_000)
FULL = 10_000
CHANGES = 300  # elements that are taken away one at a time


def best(runs: int, what: Callable[[], Any]) -> tuple[float, float, Any]:
    """The least wall and processor seconds of a few runs, and what the last one gave."""
    walls, processors = [], []
    result = None
    for _ in range(runs):
        gc.collect()
        wall, processor = time.perf_counter(), time.process_time()
        result = what()
        processors.append(time.process_time() - processor)
        walls.append(time.perf_counter() - wall)
    return min(walls), min(processors), result


def measure(size: int) -> dict[str, Any]:
    """Everything for one size."""
    text = yaml.safe_dump(to_data(make_organisation(size)), allow_unicode=True, sort_keys=False)
    found: dict[str, Any] = {"megabytes": len(text) / 1e6}
    found["load"] = best(3, lambda: load(text))
    organisation: Organisation = found["load"][2]
    found["elements"] = sum(1 for _ in organisation.elements())
    found["functions"] = len(organisation.functions)
    found["network"] = best(3, lambda: Evaluator(organisation).normal())
    evaluator = Evaluator(organisation)
    normal = evaluator.normal()
    scenario = organisation.scenarios["storm"]
    found["scenario"] = best(5, lambda: evaluator.evaluate(scenario))
    found["affected"] = len(affected(found["scenario"][2]))
    found["changes"] = changes(normal, organisation)
    found["graph"] = best(2, lambda: compile_model(organisation, events=()))
    progress(f"measured {size:,}")
    return found


def changes(normal: State, organisation: Organisation) -> dict[str, float]:
    """Take elements away one at a time, spread over all there are; seconds each."""
    names = [element.name for element in organisation.elements()]
    spread = names[:: max(1, len(names) // CHANGES)]
    times = []
    for name in [*spread, "identity"]:
        state = normal.copy()
        begin = time.process_time()
        state.keep_time(state.settle([state.lose(name, UNIT)]))
        times.append(time.process_time() - begin)
    ordered = sorted(times[:-1])
    return {
        "median": statistics.median(ordered),
        "percentile": ordered[len(ordered) * 95 // 100],
        "identity": times[-1],
    }


def cut_sets(compiled: Compiled) -> list[int]:
    """All minimal cut sets of all functions; gives how many there are of order 0 to 3."""
    orders = [0, 0, 0, 0]
    for top in compiled.graph.tops.values():
        found = CutSets.of(compiled.graph, solve(compiled.graph, top))
        for order, count in enumerate(found.by_order[:4]):
            orders[order] += count
    return orders


Timed = tuple[float, float, Any]


def report(found: dict[int, dict[str, Any]], sets: Timed | None) -> str:
    """Write the figures as Markdown."""
    sizes = list(found)
    lines = [
        "# Continuity, measured",
        "",
        "`python -m bench.continuity`",
        "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}. Best of a"
        f" few runs: wall time (processor time), at a load of {os.getloadavg()[0]:.1f}; the targets"
        " are held against processor time, which other work on the machine does not lengthen.",
        "",
        f"| | {' | '.join(f'{size:,}' for size in sizes)} |",
        f"|---|{'---|' * len(sizes)}",
    ]
    rows: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("elements", lambda each: f"{each['elements']:,}"),
        ("functions", lambda each: f"{each['functions']:,}"),
        ("document", lambda each: f"{each['megabytes']:.1f} MB"),
        ("read and check the document", lambda each: pair(each["load"])),
        ("compile for evaluation", lambda each: pair(each["network"])),
        ("one scenario of three events", lambda each: pair(each["scenario"])),
        ("functions that it hits", lambda each: f"{each['affected']:,}"),
        ("one element changes, median", lambda each: show(each["changes"]["median"])),
        ("95 of 100 elements within", lambda each: show(each["changes"]["percentile"])),
        ("what nearly all rests on changes", lambda each: show(each["changes"]["identity"])),
        ("compile into the gate graph", lambda each: pair(each["graph"])),
    ]
    lines += [
        f"| {name} | {' | '.join(what(found[size]) for size in sizes)} |" for name, what in rows
    ]
    if FULL in found:
        lines += targets(found, sets)
    return "\n".join(lines) + "\n"


def targets(found: dict[int, dict[str, Any]], sets: Timed | None) -> list[str]:
    """The targets for the full size, each with its verdict."""
    full = found[FULL]
    together = full["load"][1] + full["network"][1]
    scenario, change = full["scenario"][1], full["changes"]["percentile"]
    lines = [
        "",
        f"| At {FULL:,} elements | measured | target |",
        "|---|---|---|",
        f"| load and compile | {show(together)} | {verdict(together < 2)} < 2 s |",
        f"| one scenario | {show(scenario)} | {verdict(scenario < 0.03)} < 30 ms |",
        f"| one element changes (95 of 100) | {show(change)} | {verdict(change < 0.003)} < 3 ms |",
    ]
    if sets is not None:
        orders = sets[2]
        counts = " + ".join(f"{count:,}" for count in orders[1:])
        lines.append(
            f"| all cut sets of every function, of which up to order 3: {counts} | {pair(sets)} "
            f"| {verdict(sets[1] < 2)} < 2 s |"
        )
    if 1_000 in found and 30_000 in found:
        small, large = found[1_000], found[30_000]
        elements = large["elements"] / small["elements"]
        grown = {name: large[name][1] / small[name][1] for name in ("scenario", "network")}
        linear = verdict(grown["scenario"] < 1.5 * elements)
        lines.append(
            f"| {elements:.0f} times the elements: one scenario | {grown['scenario']:.0f} times the"
            f" time | {linear} close to linear |"
        )
        lines.append(
            f"| the same: compile for evaluation (garbage collection takes half of it at 30,000)"
            f" | {grown['network']:.0f} times the time | |"
        )
    return lines


def pair(timed: tuple[float, float, Any]) -> str:
    """Wall and processor time."""
    return f"{show(timed[0])} ({show(timed[1])})"


def verdict(met: bool) -> str:
    """Say whether a target is met."""
    return "met:" if met else "**missed:**"


def show(seconds: float) -> str:
    """Write a time with three significant digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def progress(text: str) -> None:
    """Tell whoever waits what was done."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and print; record the figures when all sizes were measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    sizes = parser.parse_args().sizes
    found = {size: measure(size) for size in sizes}
    sets = best(2, lambda: cut_sets(found[FULL]["graph"][2])) if FULL in found else None
    text = report(found, sets)
    print(text)
    if tuple(sizes) == SIZES:
        RESULTS.write_text(text)


if __name__ == "__main__":
    main()
