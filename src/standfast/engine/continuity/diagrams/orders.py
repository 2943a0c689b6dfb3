"""Orders of the variables of one module, to be raced: no rule is the best on every model.

Each is a depth-first walk that meets the inputs of a gate by another rule, so that what belongs
together stays together. The size of a diagram differs by orders of magnitude between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from standfast.engine.continuity.diagrams.formula import Formula
from standfast.engine.continuity.diagrams.normalise import parents

Key = Callable[[int], tuple[int, ...]]
"""Sorts the inputs of a gate: the smallest key is met first."""


def orders(formula: Formula) -> Iterator[list[int]]:
    """Variable orders, each at most once, the most promising first: a list of variables."""
    seen: set[tuple[int, ...]] = set()
    for key in _rules(formula):
        order = _walk(formula, key)
        if tuple(order) not in seen:
            seen.add(tuple(order))
            yield order


def _rules(formula: Formula) -> Iterator[Key]:
    leaves = formula.leaves
    counts = parents(formula)
    sizes = _sizes(formula)
    yield lambda node: (-counts[node], sizes[node])
    yield lambda node: (-sizes[node],)
    yield lambda node: (int(node < leaves), 0)
    yield lambda node: (sizes[node],)
    yield lambda node: (int(node >= leaves), -counts[node])
    yield lambda _: (0,)


def _sizes(formula: Formula) -> list[int]:
    """How many paths lead from each node to leaves, up to a limit."""
    sizes = [1] * formula.leaves
    for part in formula.parts:
        sizes.append(min(sum(sizes[reference >> 1] for reference in part.inputs), 1 << 40))
    return sizes


def _walk(formula: Formula, key: Key) -> list[int]:
    leaves = formula.leaves
    order: list[int] = []
    seen: set[int] = set()
    stack = [formula.root >> 1]
    while stack:
        node = stack.pop()
        if node in seen or node < 0:
            continue
        seen.add(node)
        if node < leaves:
            order.append(node)
            continue
        inputs = [reference >> 1 for reference in formula.parts[node - leaves].inputs]
        inputs.sort(key=key)
        stack.extend(reversed(inputs))
    return order
