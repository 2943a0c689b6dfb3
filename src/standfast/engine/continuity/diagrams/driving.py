"""The two long loops of the compiled kernel: run a program's steps, take a function's nodes."""

from __future__ import annotations

from numba import njit

from standfast.engine.continuity.diagrams.machine import (
    APART,
    BUSY,
    COUNTER,
    DONE,
    FULL,
    LEFT,
    OUTSIDE,
    RESULT,
    RIGHT,
    ROOM,
    Ints,
    Tables,
    combine,
    node_of,
    subtract,
)


@njit(cache=True)
def run_steps(steps: Ints, variables: int, registers: Ints, tables: Tables, room: int) -> int:
    """Go on with the program until it is done, tired or out of nodes."""
    state = tables.state
    while state[COUNTER] < steps.shape[0]:
        step = state[COUNTER]
        if not state[BUSY]:
            state[LEFT] = registers[steps[step, 1]]
            state[RIGHT] = registers[steps[step, 2]]
            state[RESULT] = -1
            state[ROOM] = room
            state[BUSY] = 1
        status = combine(steps[step, 0], tables)
        if status != DONE:
            return status
        registers[variables + 2 + step] = state[RESULT]
        state[BUSY] = 0
        state[COUNTER] = step + 1
    return DONE


@njit(cache=True)
def run_minimal(function: Ints, coherent: bool, found: Ints, tables: Tables) -> int:
    """Go on with the minimal sets of each node of the function, children first."""
    state = tables.state
    while state[COUNTER] < function.shape[0]:
        place = state[COUNTER]
        if not state[BUSY]:
            state[LEFT] = found[function[place, 2]]
            state[RIGHT] = function[place, 1] if coherent else found[function[place, 1]]
            state[RESULT] = -1
            state[BUSY] = 1
        if coherent:
            status = subtract(OUTSIDE, tables, function)
        else:
            status = subtract(APART, tables, tables.nodes)
        if status != DONE:
            return status
        family = found[function[place, 1]]
        if state[RESULT]:
            family = node_of(tables, function[place, 0], family, state[RESULT])
            if family < 0:
                return FULL
        found[place] = family
        state[BUSY] = 0
        state[COUNTER] = place + 1
    return DONE
