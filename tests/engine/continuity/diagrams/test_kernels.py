"""Both kernels give the same diagrams, under pressure too, and others' programs agree with them."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.continuity.diagrams import compiled as compiled_module
from standfast.engine.continuity.diagrams.budget import UNLIMITED, Budget, BudgetSpent
from standfast.engine.continuity.diagrams.compiled import CompiledKernel
from standfast.engine.continuity.diagrams.diagram import Diagram
from standfast.engine.continuity.diagrams.kernel import Kernel, TooLarge
from standfast.engine.continuity.diagrams.modules import modules
from standfast.engine.continuity.diagrams.normalise import normalise
from standfast.engine.continuity.diagrams.orders import orders
from standfast.engine.continuity.diagrams.plain import PlainKernel
from standfast.engine.continuity.diagrams.program import Program, program
from standfast.engine.continuity.gates import GateGraph
from tests.engine.continuity.oracle import graphs, top_of

KERNELS: list[Kernel] = [PlainKernel(), CompiledKernel()]
CAP = 1 << 16


def programs(graph: GateGraph) -> list[tuple[Program, bool]]:
    """The programs of all modules in all orders, and whether each is coherent."""
    return [
        (program(module.formula, order), module.formula.is_coherent)
        for module in modules(normalise(graph, top_of(graph)))
        for order in orders(module.formula)
    ]


def shape(diagram: Diagram) -> dict[int, tuple[int, int, int]]:
    """The nodes renamed in the order of a walk from the root: equal for equal diagrams."""
    names: dict[int, int] = {0: 0, 1: 1}
    found = {}
    stack = [diagram.root]
    while stack:
        node = stack.pop()
        if node <= 1 or node in found:
            continue
        low, high = diagram.low[node], diagram.high[node]
        for each in (node, low, high):
            names.setdefault(each, len(names))
        found[node] = (diagram.variable[node], names[low], names[high])
        stack += [low, high]
    return {names[node]: parts for node, parts in found.items()}


@given(graphs(coherent=False))
@settings(max_examples=60)
def test_both_kernels_give_the_same_functions_and_families(graph: GateGraph) -> None:
    plain, compiled = KERNELS
    for steps, coherent in programs(graph):
        functions = [kernel.build(steps, cap=CAP, budget=UNLIMITED) for kernel in KERNELS]
        assert shape(functions[0]) == shape(functions[1])
        families = [
            kernel.minimal(functions[0], coherent=coherent, cap=CAP, budget=UNLIMITED)
            for kernel in (plain, compiled)
        ]
        assert shape(families[0]) == shape(families[1])


@given(graphs())
def test_both_ways_to_minimal_sets_agree_on_coherent_functions(graph: GateGraph) -> None:
    for kernel in KERNELS:
        for steps, coherent in programs(graph):
            assert coherent
            function = kernel.build(steps, cap=CAP, budget=UNLIMITED)
            outside, apart = (
                kernel.minimal(function, coherent=way, cap=CAP, budget=UNLIMITED)
                for way in (True, False)
            )
            assert shape(outside) == shape(apart)


def value(function: Diagram, states: tuple[bool, ...]) -> bool:
    node = function.root
    while node > 1:
        node = function.high[node] if states[function.variable[node]] else function.low[node]
    return node == 1


@given(graphs(coherent=False, most_leaves=5, most_gates=5))
@settings(max_examples=50)
def test_a_function_is_true_where_its_formula_is(graph: GateGraph) -> None:
    import dd.cudd

    for module in modules(normalise(graph, top_of(graph))):
        formula = module.formula
        for order in orders(formula):
            steps = program(formula, order)
            manager = dd.cudd.BDD()
            manager.declare(*(f"v{level}" for level in range(steps.variables)))
            registers = [manager.false, manager.true]
            registers += [manager.var(f"v{level}") for level in range(steps.variables)]
            for operation, left, right in steps.steps:
                name = ("and", "or", "xor")[operation]
                registers.append(manager.apply(name, registers[left], registers[right]))
            function = KERNELS[0].build(steps, cap=CAP, budget=UNLIMITED)
            for states in product([False, True], repeat=steps.variables):
                given_states = {f"v{level}": state for level, state in enumerate(states)}
                theirs = manager.let(given_states, registers[steps.result])
                assert value(function, states) == (theirs == manager.true)


def ladder(pairs: int) -> Program:
    """x1 y1 + x2 y2 + … with all x above all y: 2 ** pairs nodes."""
    steps = [(0, 2 + pair, 2 + pairs + pair) for pair in range(pairs)]
    first = 2 + 2 * pairs
    steps.append((1, first, first + 1))
    steps += [(1, first + pair, first + pairs + pair - 2) for pair in range(2, pairs)]
    return Program(2 * pairs, steps, first + len(steps) - 1)


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_tables_grow_far_beyond_their_first_size(kernel: Kernel) -> None:
    function = kernel.build(ladder(14), cap=CAP, budget=UNLIMITED)
    assert len(function) == 2**15
    family = kernel.minimal(function, coherent=True, cap=CAP, budget=UNLIMITED)
    assert 2 + 2 * 14 <= len(family) < 2**15
    assert shape(family) == shape(
        kernel.minimal(function, coherent=False, cap=CAP, budget=UNLIMITED)
    )


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_a_cap_ends_an_attempt_and_a_deadline_ends_the_work(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TooLarge):
        kernel.build(ladder(14), cap=1_000, budget=UNLIMITED)
    monkeypatch.setattr(compiled_module, "FUEL", 1 << 12)
    ticks = iter(range(1_000_000))
    with pytest.raises(BudgetSpent, match="time"):
        kernel.build(ladder(16), cap=1 << 20, budget=Budget.of(1, lambda: next(ticks)))


@given(st.integers(3, 8))
@settings(max_examples=6, deadline=None)
def test_sweeping_in_the_middle_changes_nothing(pairs: int) -> None:
    """A cap just above what is needed makes the compiled kernel sweep again and again."""
    steps = ladder(pairs)
    wanted = KERNELS[0].build(steps, cap=CAP, budget=UNLIMITED)
    for cap in range(len(wanted), 4 * len(wanted), max(1, len(wanted) // 8)):
        try:
            found = KERNELS[1].build(steps, cap=cap, budget=UNLIMITED)
        except TooLarge:
            continue
        assert shape(found) == shape(wanted)
    assert shape(KERNELS[1].build(steps, cap=4 * len(wanted), budget=UNLIMITED)) == shape(wanted)


def sets_of(family: Diagram, node: int | None = None) -> set[frozenset[int]]:
    node = family.root if node is None else node
    if node <= 1:
        return {frozenset()} if node else set()
    taken = {each | {family.variable[node]} for each in sets_of(family, family.high[node])}
    return taken | sets_of(family, family.low[node])


@given(graphs(coherent=False), st.integers(0, 4))
def test_with_little_room_the_small_minimal_sets_are_still_exact(
    graph: GateGraph, room: int
) -> None:
    for kernel in KERNELS:
        for steps, _ in programs(graph):
            functions = [
                kernel.build(steps, cap=CAP, budget=UNLIMITED, room=each) for each in (None, room)
            ]
            whole, small = (
                sets_of(kernel.minimal(each, coherent=False, cap=CAP, budget=UNLIMITED))
                for each in functions
            )
            assert {each for each in small if len(each) <= room} == {
                each for each in whole if len(each) <= room
            }
