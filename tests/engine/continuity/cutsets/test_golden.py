"""Published benchmark models: the same sets by order and the same probability as SCRAM."""

from __future__ import annotations

import pytest

from standfast.engine.continuity.cutsets.stopping import stopping
from standfast.engine.continuity.diagrams.solving import Choice
from tests.engine.continuity.golden import FIGURES, HEAVY, sample


def agrees(name: str, kernel: Choice) -> None:
    graph = sample(name)
    (top,) = graph.tops.values()
    found = stopping(graph, top, kernel=kernel)
    figures = FIGURES[name]
    assert found.cut_sets.complete
    assert found.cut_sets.count == sum(found.cut_sets.by_order) == figures.sets
    if figures.by_order:
        assert found.cut_sets.by_order == figures.by_order
    assert found.probability.exact == pytest.approx(figures.probability, rel=3e-9)


@pytest.mark.parametrize("name", sorted(FIGURES.keys() - HEAVY))
def test_models_that_plain_python_answers_in_no_time(name: str) -> None:
    agrees(name, "plain")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_model_with_the_compiled_kernel(name: str) -> None:
    agrees(name, "compiled")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HEAVY - {"cea9601"}))
def test_heavier_models_in_plain_python(name: str) -> None:
    agrees(name, "plain")
