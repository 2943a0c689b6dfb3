"""How likely each function is to be down at a random moment, by trials of a gate graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

import numpy as np

from standfast.engine.continuity.gates import GateGraph
from standfast.engine.continuity.simulation.intervals import (
    DEFAULT_CONFIDENCE,
    Interval,
    wilson,
)
from standfast.engine.continuity.simulation.kernels import Kernel, KernelName, kernel
from standfast.engine.continuity.simulation.programme import (
    Integers,
    Programme,
    probabilities,
    programme,
)
from standfast.engine.continuity.simulation.sampling import (
    STRETCH_TRIALS,
    Chances,
    chances,
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One top: it had failed in `failures` of the trials; its probability is inside `interval`."""

    name: str
    failures: int
    probability: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Trials:
    """What came out, and why it stopped there: `trials`, `precision` or `budget`."""

    estimates: Mapping[str, Estimate]
    trials: int
    seed: int
    confidence: float
    kernel: KernelName
    stopped: str
    failures: Integers

    def share(self, node: int) -> float:
        """The share of trials in which this node had failed."""
        return int(self.failures[node]) / self.trials


@dataclass(frozen=True, slots=True)
class Stopping:
    """When to stop: after `most` trials, or earlier.

    `half_width` is how narrow each top's interval has to be, `relative` the same as a share of its
    probability. `seconds` is a budget by `clock`; without a clock there is none. Trials come in
    whole stretches of 65,536.
    """

    most: int = 1_000_000
    half_width: float | None = None
    relative: float | None = None
    seconds: float | None = None
    clock: Callable[[], float] | None = None


DEFAULT_STOPPING = Stopping()


def simulate(
    graph: GateGraph,
    *,
    seed: int,
    stopping: Stopping = DEFAULT_STOPPING,
    given: Sequence[float | None] | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
    kernel_name: KernelName | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Trials:
    """Estimate the probability of every top.

    `given` overrides probabilities of leaves (1.0 for what is down now). The result depends on the
    seed and on where it stopped, not on the kernel or the number of threads.
    """
    prog = programme(graph)
    how = chances(probabilities(graph, given))
    work = kernel(kernel_name, states=stopping.most * len(graph))
    clock = stopping.clock or (lambda: 0.0)
    begun = clock()
    failures = np.zeros(len(graph), dtype=np.int64)
    done = 0
    reason = "trials"
    stretches = -(-max(stopping.most, 1) // STRETCH_TRIALS)
    for counts in _stretches(work, prog, how, seed=seed, count_=stretches, threads=threads):
        failures += counts
        done += STRETCH_TRIALS
        if progress is not None:
            progress(done, stretches * STRETCH_TRIALS)
        if _narrow_enough(graph, failures, done, stopping, confidence):
            reason = "precision"
            break
        if stopping.seconds is not None and clock() - begun >= stopping.seconds:
            reason = "budget" if done < stretches * STRETCH_TRIALS else reason
            break
    estimates = {
        name: Estimate(
            name,
            int(failures[node]),
            int(failures[node]) / done,
            wilson(int(failures[node]), done, confidence),
        )
        for name, node in graph.tops.items()
    }
    return Trials(estimates, done, seed, confidence, work.name, reason, failures)


def _stretches(
    work: Kernel, prog: Programme, how: Chances, *, seed: int, count_: int, threads: int
) -> Iterator[Integers]:
    """Yield the counts of each stretch, in order."""

    def one(stretch: int) -> Integers:
        return work.counted(prog, how, seed=seed, stretch=stretch)

    if threads <= 1:
        yield from map(one, range(count_))
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(one, stretch) for stretch in range(min(count_, threads * 2))]
        later = count(len(waiting))
        while waiting:
            yield waiting.pop(0).result()
            if (stretch := next(later)) < count_:
                waiting.append(pool.submit(one, stretch))


def _narrow_enough(
    graph: GateGraph, failures: Integers, done: int, stopping: Stopping, confidence: float
) -> bool:
    if stopping.half_width is None and stopping.relative is None:
        return False
    for node in graph.tops.values():
        hits = int(failures[node])
        width = wilson(hits, done, confidence).half_width
        wanted = min(
            stopping.half_width if stopping.half_width is not None else 1.0,
            stopping.relative * hits / done if stopping.relative is not None else 1.0,
        )
        if width > wanted:
            return False
    return True
