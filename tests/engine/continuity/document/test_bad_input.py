"""Whatever a document holds, it is read or refused with lines; nothing else ever comes out."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.continuity.compiling import compile_model
from standfast.engine.continuity.document import DocumentError, Problem, dump, load, to_data
from standfast.engine.continuity.evaluation import Evaluator
from standfast.engine.continuity.model import Organisation

EXAMPLES = Path(__file__).parents[4] / "examples/continuity"
DATA: dict[str, Any] = {
    path.stem: to_data(load(path.read_bytes())) for path in sorted(EXAMPLES.glob("*.yaml"))
}

NAMES = sorted({name for table in DATA["enterprise"].values() if isinstance(table, dict)
                for name in table})  # fmt: skip
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**18),
    st.floats(allow_nan=False),
    st.sampled_from(["", " ", "40 %", "-3h", "101 %", "P", "PT", "1e999", "*", "<<", "\u0000x"]),
    st.sampled_from(NAMES),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"staff": "finance"}),
    st.just({"at_least": 2, "of": []}),
    st.just({"normally": "erp"}),
)


def read(text: str | bytes) -> Organisation | tuple[Problem, ...]:
    """The model, or what is wrong; any other exception is a fault of the reader."""
    try:
        return load(text)
    except DocumentError as error:
        return error.problems


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in the data."""
    found: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        inside = stack.pop()
        pairs = inside.items() if isinstance(inside, dict) else enumerate(inside)
        for key, child in pairs:
            found.append((inside, key))
            if isinstance(child, dict | list):
                stack.append(child)
    return found


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["snowstorm", "enterprise", "office"]), st.data())
def test_a_document_with_junk_in_it_is_read_or_refused(example: str, data: st.DataObject) -> None:
    document = json.loads(json.dumps(DATA[example]))
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(document)))
        if isinstance(container, dict) and data.draw(st.booleans()):
            key = data.draw(st.text(max_size=6) | st.sampled_from(NAMES))
        container[key] = deepcopy(data.draw(JUNK))  # so that no junk gets into itself
    found = read(json.dumps(document, ensure_ascii=False))
    if isinstance(found, tuple):
        assert found
        assert all(problem.line >= 1 and problem.message for problem in found)
        return
    # What was read can be evaluated, compiled, written and read again.
    evaluator = Evaluator(found)
    for scenario in list(found.scenarios.values())[:2]:
        evaluator.evaluate(scenario)
    compile_model(found)
    again = read(dump(found))
    assert isinstance(again, Organisation)
    assert to_data(again) == to_data(found)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    assert read(text)
