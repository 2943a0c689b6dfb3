"""Integer programmes solved by HiGHS, to proven optimality unless time runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Row:
    """`low` <= sum of coefficient x variable <= `high`; None is no bound."""

    terms: Mapping[int, float]
    low: float | None = None
    high: float | None = None


@dataclass(slots=True)
class Programme:
    """Minimise the sum of `costs`; every variable lies in 0..1, those in `whole` are 0 or 1."""

    costs: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def variable(self, cost: float, *, whole: bool) -> int:
        """Add a variable; return its number."""
        self.costs.append(cost)
        self.whole.append(whole)
        return len(self.costs) - 1


@dataclass(frozen=True, slots=True)
class Solution:
    """The values of the variables. `proven`: there is no better one; else `bound` says how much."""

    values: tuple[float, ...]
    objective: float
    proven: bool
    bound: float


def solve(programme: Programme, *, seconds: float | None = None) -> Solution:
    """Solve it. Raises ValueError when nothing satisfies all rows."""
    import highspy as library

    highspy: Any = library
    # The binding itself: the class on top of it greets on standard output, where answers go.
    highs = highspy.Highs.__base__()
    for option, value in {
        "output_flag": False,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.0,
        "threads": 1,
        "random_seed": 0,
        **({} if seconds is None else {"time_limit": float(seconds)}),
    }.items():
        highs.setOptionValue(option, value)
    highs.passModel(_model(programme, highspy))
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise ValueError("no choice satisfies all conditions")
    values = tuple(float(value) for value in highs.getSolution().col_value)
    objective = sum(c * v for c, v in zip(programme.costs, values, strict=True))
    proven = status == highspy.HighsModelStatus.kOptimal
    return Solution(values, objective, proven, objective if proven else float(info.mip_dual_bound))


def _model(programme: Programme, highspy: Any) -> Any:
    infinity = highspy.kHighsInf
    count = len(programme.costs)
    model = highspy.HighsLp()
    model.num_col_ = count
    model.num_row_ = len(programme.rows)
    model.col_cost_ = np.array(programme.costs)
    model.col_lower_ = np.zeros(count)
    model.col_upper_ = np.ones(count)
    model.integrality_ = [
        highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        for whole in programme.whole
    ]
    rows: Sequence[Row] = programme.rows
    model.row_lower_ = np.array([-infinity if row.low is None else row.low for row in rows])
    model.row_upper_ = np.array([infinity if row.high is None else row.high for row in rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.terms) for row in rows)])
    model.a_matrix_.index_ = np.array([n for row in rows for n in row.terms], dtype=np.int32)
    model.a_matrix_.value_ = np.array([c for row in rows for c in row.terms.values()])
    return model
