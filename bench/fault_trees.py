"""Published fault trees, as whole processes and warm, beside the tool SCRAM's published figures.

Reads every *.xml of a folder (by default the samples beside the checkout) and compares counts of
sets and probabilities with SCRAM's where they are known. SCRAM's seconds are those of its whole
process, measured on another machine; what matters is the order of size. Processor time is given
beside wall time, because other work on the machine lengthens only the latter.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from standfast.engine.continuity.cutsets.stopping import stopping
from standfast.engine.continuity.diagrams.budget import Budget
from standfast.engine.continuity.openpsa.reading import Source, read

SAMPLES = Path(__file__).resolve().parents[1].parent / "shared" / "samples" / "fault-trees"
COMMAND = Path(sys.executable).with_name("standfast")


class Published(NamedTuple):
    """Minimal cut sets, probability, and seconds of SCRAM's BDD and ZBDD processes."""

    sets: int
    probability: float
    bdd: float
    zbdd: float | None


PUBLISHED = {
    "baobab1": Published(46_188, 0.000101708078, 0.58, 1.43),
    "baobab2": Published(4_805, 0.000713018260, 0.16, 0.18),
    "baobab3": Published(24_386, 0.00224117014, 0.15, 3.84),
    "cea9601": Published(130_281_976, 0.00148408543, 62.9, None),
    "chinese": Published(392, 0.00117058181, 0.08, 0.08),
    "das9201": Published(14_217, 0.0134236677, 0.10, 0.10),
    "das9206": Published(19_518, 0.229686838, 0.10, 0.10),
    "das9207": Published(25_988, 0.346695888, 0.54, 0.08),
    "edf9201": Published(579_720, 0.324591447, 0.08, 0.10),
    "edf9205": Published(21_308, 0.209350906, 0.06, 0.07),
    "edfpa14p": Published(415_500, 0.0807059218, 4.5, 4.0),
    "edfpa15p": Published(27_870, 0.0736302382, 0.64, 0.45),
    "isp9602": Published(5_197_647, 0.0172447448, 0.08, 0.06),
    "isp9605": Published(5_630, 1.37170881e-05, 0.08, 0.14),
    "jbd9601": Published(14_007, 0.755090615, 2.7, 0.11),
}


class Measured(NamedTuple):
    """One model: the command's answer, its process, and the seconds of a warm second run."""

    answer: dict[str, Any]
    wall: float
    processor: float
    megabytes: float
    warm: float | None = None


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=SAMPLES)
    parser.add_argument("--budget", type=float, default=60)
    parser.add_argument("--cold-only", action="store_true", help="whole processes only")
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.xml"))
    if not files:
        print(f"Skipped: there are no fault trees in {options.folder.name}.")
        return 0
    print("| model | sets | P(top) | SCRAM, s | process, s | processor, s | warm, s | MB | same |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|---|")
    # All processes first: a child's peak memory begins with its parent's.
    found = {file.stem: _measured(file, options.budget) for file in files}
    for file in files:
        if not options.cold_only:
            seconds = _warm(file, options.budget)
            found[file.stem] = found[file.stem]._replace(warm=seconds)
        print(_row(file.stem, found[file.stem]), flush=True)
    _totals(found)
    return int(any(_same(name, each) == "no" for name, each in found.items()))


def _measured(file: Path, budget: float) -> Measured:
    command = [str(COMMAND), "continuity", "cutsets", str(file), "--format=json", "--top=0"]
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--budget", f"{budget:g}"], stdout=output, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    answer = json.loads(text) if process.returncode == 0 else {}
    return Measured(
        answer,
        wall,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
    )


def _warm(file: Path, budget: float) -> float:
    best = float("inf")
    for _ in range(2):  # the first run loads what the second finds at hand
        begun = time.perf_counter()
        graph = read([Source(file.name, file.read_bytes())]).graph
        for top in graph.tops.values():
            found = stopping(graph, top, budget=Budget.of(budget, time.monotonic))
            assert found.cut_sets.by_order is not None
        best = min(best, time.perf_counter() - begun)
    return best


def _row(name: str, found: Measured) -> str:
    known = PUBLISHED.get(name)
    scram = min(known.bdd, known.zbdd or known.bdd) if known else None
    chance = found.answer.get("probability")
    cells = [
        name,
        f"{found.answer.get('count', 0):,}" if found.answer else "failed",
        f"{chance:.9g}" if chance is not None else "bounds" if found.answer else "",
        f"{scram:.2f}" if scram is not None else "",
        f"{found.wall:.2f}",
        f"{found.processor:.2f}",
        f"{found.warm:.3f}" if found.warm is not None else "",
        f"{found.megabytes:.0f}",
        _same(name, found),
    ]
    return f"| {' | '.join(cells)} |"


def _same(name: str, found: Measured) -> str:
    """Whether sets and probability are those that SCRAM finds."""
    known = PUBLISHED.get(name)
    if known is None:
        return "" if found.answer.get("complete") else "incomplete"
    chance = found.answer.get("probability") or 0.0
    sets_agree = found.answer.get("count") == known.sets
    return "yes" if sets_agree and abs(chance / known.probability - 1) < 5e-9 else "no"


def _totals(found: dict[str, Measured]) -> None:
    compared = [name for name in found if name in PUBLISHED]
    scram = sum(min(PUBLISHED[name].bdd, PUBLISHED[name].zbdd or 1e9) for name in compared)
    ours = sum(found[name].wall for name in compared)
    everything = sum(each.wall for each in found.values())
    processor = sum(each.processor for each in found.values())
    peak = max(each.megabytes for each in found.values())
    print(
        f"\nWhere SCRAM's figures are known: its better processes {scram:.1f} s, ours {ours:.1f} s."
        f" All {len(found)} here: {everything:.1f} s, {processor:.1f} s of processor time;"
        f" {peak:.0f} MB at most."
    )


if __name__ == "__main__":
    sys.exit(main())
