"""Which code does the trials: compiled where that is installed and worth its start, else numpy.

Both draw the same numbers in the same order, so a seed gives the same counts on either; the only
difference that is left is the last bit of a logarithm, which can move one trial in some 10^13.
"""

from __future__ import annotations

import importlib.util
from enum import StrEnum
from typing import Protocol

from standfast.engine.continuity.simulation import evaluating
from standfast.engine.continuity.simulation.programme import Integers, Programme, Words
from standfast.engine.continuity.simulation.sampling import Chances, sampled

# Below so many states (trials x nodes) numpy is done before the compiled kernel is loaded.
WORTH_COMPILED = 500_000_000


class KernelName(StrEnum):
    """The kernels by name, as options and results say them."""

    NUMPY = "numpy"
    NUMBA = "numba"


class Kernel(Protocol):
    """What a kernel can do."""

    name: KernelName

    def counted(self, prog: Programme, how: Chances, *, seed: int, stretch: int) -> Integers:
        """Return in how many trials of the stretch each node has failed."""

    def evaluated(self, prog: Programme, leaves: Words) -> Words:
        """Return a row of states for each node, the leaves' own first."""


class NumpyKernel:
    """Always there."""

    name = KernelName.NUMPY

    def counted(self, prog: Programme, how: Chances, *, seed: int, stretch: int) -> Integers:
        """Return in how many trials of the stretch each node has failed."""
        rows = evaluating.evaluated(prog, sampled(how, seed=seed, stretch=stretch))
        return evaluating.counted(rows)

    def evaluated(self, prog: Programme, leaves: Words) -> Words:
        """Return a row of states for each node, the leaves' own first."""
        return evaluating.evaluated(prog, leaves)


class NumbaKernel:
    """Compiled, some five times as fast; needs the extra `fast`."""

    name = KernelName.NUMBA

    def counted(self, prog: Programme, how: Chances, *, seed: int, stretch: int) -> Integers:
        """Return in how many trials of the stretch each node has failed."""
        from standfast.engine.continuity.simulation import compiled

        return compiled.counted(prog, how, seed=seed, stretch=stretch)

    def evaluated(self, prog: Programme, leaves: Words) -> Words:
        """Return a row of states for each node, the leaves' own first."""
        from standfast.engine.continuity.simulation import compiled

        return compiled.evaluated(prog, leaves)


def has_numba() -> bool:
    """Whether the compiled kernel can be loaded, without loading it."""
    return importlib.util.find_spec("numba") is not None


def kernel(name: KernelName | None, *, states: int) -> Kernel:
    """Return the kernel of this name, or without one the faster for so many states.

    Raises ValueError when the compiled one is asked for and numba is not installed.
    """
    if name is KernelName.NUMBA and not has_numba():
        raise ValueError("the compiled kernel needs numba: install standfast[fast]")
    if name is KernelName.NUMBA or (name is None and states >= WORTH_COMPILED and has_numba()):
        return NumbaKernel()
    return NumpyKernel()
