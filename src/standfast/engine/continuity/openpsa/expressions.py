"""Probabilities of basic events, from numbers, parameters, distributions and arithmetic.

Uncertain values (deviates) are read as their means. Times are in hours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, inf, isfinite, log, log10, prod, sqrt
from typing import Final

from standfast.engine.continuity.openpsa.definitions import Definition, Definitions
from standfast.engine.continuity.openpsa.elements import Element

NORMAL_95: Final = 1.6448536269514722
"""The 95 % quantile of the normal distribution: error factors are given at this level."""


def _exponential(rate: float, time: float) -> float:
    return 1 - exp(-rate * time)


def _repairable(start: float, failing: float, repairing: float, time: float) -> float:
    both = failing + repairing
    return (failing - (failing - start * both) * exp(-both * time)) / both


def _weibull(scale: float, shape: float, shift: float, time: float) -> float:
    return 1 - exp(-(((time - shift) / scale) ** shape)) if time > shift else 0.0


def _lognormal_mean(mean: float, error_factor: float, level: float = 0.95) -> float:
    if error_factor <= 0 or not 0 < level < 1:
        raise ValueError("the error factor must be positive and the level between 0 and 1")
    return mean


OPERATIONS: Final[dict[str, tuple[int, int, Callable[..., float]]]] = {
    "neg": (1, 1, lambda value: -value),
    "add": (1, 1 << 30, lambda *values: sum(values)),
    "sub": (1, 1 << 30, lambda first, *others: first - sum(others)),
    "mul": (1, 1 << 30, lambda *values: prod(values)),
    "div": (2, 1 << 30, lambda first, *others: first / prod(others)),
    "pow": (2, 2, lambda base, power: base**power),
    "exp": (1, 1, exp),
    "log": (1, 1, log),
    "log10": (1, 1, log10),
    "sqrt": (1, 1, sqrt),
    "abs": (1, 1, abs),
    "min": (1, 1 << 30, min),
    "max": (1, 1 << 30, max),
    "mean": (1, 1 << 30, lambda *values: sum(values) / len(values)),
    "exponential": (2, 2, _exponential),
    "GLM": (4, 4, _repairable),
    "Weibull": (4, 4, _weibull),
    "uniform-deviate": (2, 2, lambda lowest, highest: (lowest + highest) / 2),
    "normal-deviate": (2, 2, lambda mean, _: mean),
    "lognormal-deviate": (2, 3, _lognormal_mean),
    "gamma-deviate": (2, 2, lambda shape, scale: shape * scale),
    "beta-deviate": (2, 2, lambda alpha, beta: alpha / (alpha + beta)),
}


class Evaluator:
    """Values of expressions; parameters are evaluated once, and circles among them refused."""

    def __init__(self, definitions: Definitions, mission_time: float) -> None:
        self._definitions = definitions
        self._mission_time = mission_time
        self._parameters: dict[str, float] = {}
        self._in_progress: list[str] = []

    def probability(self, event: Definition) -> float | None:
        """The probability of a basic event; None where the file gives none."""
        if not event.element.children:
            return None
        value = self._value(event.element.only_child(), event.scope)
        if not 0 <= value <= 1:
            raise event.element.error(f"the probability of “{event.name}” is {value:g}, not 0 to 1")
        return value

    def _value(self, element: Element, scope: str) -> float:
        if element.tag in {"float", "int"}:
            return _number(element)
        if element.tag == "bool":
            return float(boolean(element))
        if element.tag == "system-mission-time":
            return self._mission_time
        if element.tag == "parameter":
            return self._parameter(element, scope)
        operation = OPERATIONS.get(element.tag)
        if operation is None:
            raise element.unknown()
        return _applied(element, operation, [self._value(each, scope) for each in element.children])

    def _parameter(self, element: Element, scope: str) -> float:
        name = element.need("name")
        found = self._definitions.find("parameter", name, scope)
        if found is None:
            raise element.error(f"there is no parameter “{name}”")
        if found.path in self._in_progress or len(self._in_progress) > 100:
            raise element.error(f"the parameter “{name}” depends on itself")
        if found.path not in self._parameters:
            self._in_progress.append(found.path)
            value = self._value(found.element.only_child(), found.scope)
            self._in_progress.pop()
            self._parameters[found.path] = value
        return self._parameters[found.path]


def _applied(
    element: Element, operation: tuple[int, int, Callable[..., float]], values: Sequence[float]
) -> float:
    fewest, most, function = operation
    if not fewest <= len(values) <= most:
        raise element.error(f"<{element.tag}> cannot take {len(values)} values")
    try:
        result = function(*values)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise element.error(f"<{element.tag}> has no value here ({error})") from None
    if isinstance(result, complex) or not isfinite(result):
        raise element.error(f"<{element.tag}> has no finite value here")
    return result


def _number(element: Element) -> float:
    text = element.need("value")
    try:
        value = float(text)
    except ValueError:
        value = inf
    if not isfinite(value):
        raise element.error(f"“{text}” is no number")
    return value


def boolean(element: Element) -> bool:
    """The value of a <constant> or <bool>."""
    text = element.need("value").lower()
    if text not in {"true", "false", "1", "0"}:
        raise element.error(f"“{text}” is neither true nor false")
    return text in {"true", "1"}
