"""The kernels: every state as the graph itself says, the same numbers from both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings

from standfast.engine.continuity.gates import Gate, GateGraph, Leaf, Operator
from standfast.engine.continuity.simulation import kernels
from standfast.engine.continuity.simulation.kernels import (
    WORTH_COMPILED,
    KernelName,
    NumbaKernel,
    NumpyKernel,
    kernel,
)
from standfast.engine.continuity.simulation.programme import Words, probabilities, programme
from standfast.engine.continuity.simulation.sampling import (
    STRETCH_TRIALS,
    STRETCH_WORDS,
    chances,
    sampled,
)
from tests.engine.continuity.random_graphs import every_state, graphs

KERNELS: list[kernels.Kernel] = [NumpyKernel(), NumbaKernel()]
PROBABILITIES = [0.0, 1e-12, 1e-6, 0.001, 0.02, 0.059, 0.061, 0.25, 0.3, 0.5, 0.9, 0.95, 0.999, 1.0]


def packed(states: list[tuple[bool, ...]]) -> Words:
    """One row of words for each leaf, one bit for each state."""
    table = np.array(states, dtype=bool).T
    padded = np.zeros((len(table), -(-table.shape[1] // 64) * 64), dtype=bool)
    padded[:, : table.shape[1]] = table
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def bits(rows: Words) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    found: np.ndarray[tuple[int, int], np.dtype[np.uint8]] = np.unpackbits(
        rows.view(np.uint8), axis=1, bitorder="little"
    )
    return found


def every_third(count: int) -> GateGraph:
    leaves = tuple(Leaf(f"l{place}", unavailability=0.5) for place in range(count))
    gate = Gate("g", Operator.ATLEAST, tuple(range(count)), count, tuple(range(1, count + 1)))
    return GateGraph(leaves, (gate,), {"top": count})


@pytest.mark.parametrize("work", KERNELS, ids=lambda work: work.name)
@given(graph=graphs())
@example(graph=every_third(9))
@settings(deadline=None, max_examples=60)
def test_every_combination_of_failures_gives_what_the_graph_says(
    work: kernels.Kernel, graph: GateGraph
) -> None:
    states = every_state(graph)
    rows = bits(work.evaluated(programme(graph), packed(states)))
    for place, state in enumerate(states):
        assert rows[:, place].tolist() == graph.failed(state)


@given(graph=graphs())
@settings(deadline=None, max_examples=25)
def test_both_kernels_count_the_same_trials(graph: GateGraph) -> None:
    prog, how = programme(graph), chances(probabilities(graph))
    counts = [work.counted(prog, how, seed=11, stretch=3).tolist() for work in KERNELS]
    assert counts[0] == counts[1]


def many_leaves() -> GateGraph:
    leaves = tuple(Leaf(f"l{p}", unavailability=p) for p in PROBABILITIES * 3)
    gate = Gate("g", Operator.OR, (0,))
    return GateGraph(leaves, (gate,), {"top": len(leaves)})


def test_each_leaf_fails_as_often_as_it_should_on_either_way_of_drawing() -> None:
    graph = many_leaves()
    rows = sampled(chances(probabilities(graph)), seed=5, stretch=0)
    shares = np.bitwise_count(rows).sum(axis=1) / STRETCH_TRIALS
    for leaf, share in zip(graph.leaves, shares.tolist(), strict=True):
        wanted = leaf.unavailability or 0.0
        spread = (wanted * (1 - wanted) / STRETCH_TRIALS) ** 0.5
        assert abs(share - wanted) <= 4.5 * spread + 1e-9, leaf.name


def test_leaves_fail_independently_and_so_do_neighbouring_trials() -> None:
    leaves = tuple(Leaf(f"l{p}", unavailability=0.3 if p % 2 else 0.05) for p in range(20))
    graph = GateGraph(leaves, (Gate("g", Operator.OR, (0,)),), {"top": 20})
    table = bits(sampled(chances(probabilities(graph)), seed=6, stretch=2)).astype(float)
    table -= table.mean(axis=1, keepdims=True)
    table /= table.std(axis=1, keepdims=True)
    together = table @ table.T / STRETCH_TRIALS - np.eye(20)
    later = (table[:, 1:] * table[:, :-1]).mean(axis=1)
    assert np.abs(together).max() < 5.0 / STRETCH_TRIALS**0.5
    assert np.abs(later).max() < 5.0 / STRETCH_TRIALS**0.5


def test_another_seed_or_stretch_draws_other_trials() -> None:
    how = chances(np.array([0.5, 0.01]))
    first = sampled(how, seed=1, stretch=0)
    assert first.shape == (2, STRETCH_WORDS)
    assert (first == sampled(how, seed=1, stretch=0)).all()
    assert (first != sampled(how, seed=2, stretch=0)).any(axis=1).all()
    assert (first != sampled(how, seed=1, stretch=1)).any(axis=1).all()
    assert (first[0] != first[1]).any()


def test_the_compiled_kernel_is_taken_when_it_is_worth_its_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert kernel(None, states=WORTH_COMPILED - 1).name is KernelName.NUMPY
    assert kernel(None, states=WORTH_COMPILED).name is KernelName.NUMBA
    assert kernel(KernelName.NUMPY, states=WORTH_COMPILED).name is KernelName.NUMPY
    monkeypatch.setattr(kernels, "has_numba", lambda: False)
    assert kernel(None, states=WORTH_COMPILED).name is KernelName.NUMPY
    with pytest.raises(ValueError, match="needs numba"):
        kernel(KernelName.NUMBA, states=1)
