"""Measures one by one and in pairs: what each buys, and a sentence that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from standfast.engine.continuity.checks.finding import Sentence, listed
from standfast.engine.continuity.gates import Area
from standfast.engine.continuity.mitigation.measures import Measure
from standfast.engine.continuity.mitigation.worth import Worth

# Less than this part of what is lost is no effect, but rounding.
NOTHING = 1e-9
# From this much more than the sum of both on, a pair is worth telling.
TOGETHER = 1.05


@dataclass(frozen=True, slots=True)
class Bought:
    """What one measure buys, alone. Cut sets are counted before and after over all functions.

    `value` is loss avoided a year (or weighted hours, where the model has no losses), `hours` the
    downtime avoided over all functions, `helped` the functions with less of it, most first.
    """

    measure: Measure
    value: float
    hours: float
    helped: tuple[tuple[str, float], ...]
    cut_sets: tuple[int, int]
    single_points: tuple[int, int]
    by_region: Mapping[frozenset[Area], tuple[int, int]]

    @property
    def per_cost(self) -> float | None:
        """Value for each unit of cost; None where the cost is not known or nothing."""
        return self.value / self.measure.cost if self.measure.cost else None

    @property
    def net(self) -> float | None:
        """Value less cost."""
        return None if self.measure.cost is None else self.value - self.measure.cost


@dataclass(frozen=True, slots=True)
class Pair:
    """Two measures that are worth clearly more together than the sum of both alone.

    `value` and `hours` are what the two buy together; the other two what each buys alone.
    """

    first: Measure
    second: Measure
    value: float
    alone: tuple[float, float]
    hours: float
    hours_alone: tuple[float, float]

    @property
    def extra(self) -> float:
        """What the two buy beyond the sum."""
        return self.value - sum(self.alone)

    @property
    def more_value(self) -> bool:
        """Whether the value is more than the sum; else only the hours are."""
        return _more(self.value, self.alone)

    @property
    def only_together(self) -> bool:
        """Whether neither buys anything without the other."""
        if self.more_value:
            return max(self.alone) <= 0.01 * self.value
        return max(self.hours_alone) <= 0.01 * self.hours


def _more(together: float, alone: tuple[float, float]) -> bool:
    return together > 0.0 and together > TOGETHER * max(sum(alone), 0.0)


def ranked(worth: Worth) -> tuple[Bought, ...]:
    """Every measure, the most value for its cost first; those without a cost by value, last."""
    found = [_bought(worth, measure) for measure in worth.measures]
    return tuple(
        sorted(
            found,
            key=lambda each: (
                each.measure.cost is None,
                -(each.per_cost if each.per_cost is not None else each.value),
                each.measure.name,
            ),
        )
    )


def _bought(worth: Worth, measure: Measure) -> Bought:
    functions = list(worth.organisation.functions)
    before = {name: worth.state(name) for name in functions}
    after = {name: worth.state(name, [measure.name]) for name in functions}
    gains = {name: before[name].downtime.hours - after[name].downtime.hours for name in functions}
    saved = {name: hours for name, hours in gains.items() if abs(hours) > NOTHING}
    helped = sorted(
        ((name, hours) for name, hours in saved.items() if hours > NOTHING),
        key=lambda pair: (-pair[1], pair[0]),
    )
    regions = {
        region for state in (*before.values(), *after.values()) for region in state.by_region
    }
    return Bought(
        measure,
        _rounded(sum(before[n].value - after[n].value for n in functions), worth),
        sum(saved.values()),
        tuple(helped),
        (
            sum(state.cut_sets for state in before.values()),
            sum(state.cut_sets for state in after.values()),
        ),
        (
            sum(len(state.single_points) for state in before.values()),
            sum(len(state.single_points) for state in after.values()),
        ),
        {
            region: (
                sum(state.by_region.get(region, 0) for state in before.values()),
                sum(state.by_region.get(region, 0) for state in after.values()),
            )
            for region in sorted(regions, key=lambda areas: (len(areas), sorted(areas)))
        },
    )


def _rounded(value: float, worth: Worth) -> float:
    return 0.0 if abs(value) <= NOTHING * max(worth.value(), 1.0) else value


def pairs(worth: Worth, *, most: int = 20) -> tuple[Pair, ...]:
    """Pairs that are worth clearly more together than apart, the largest surplus first.

    Only pairs that touch a common function can be.
    """
    together = {
        pair for names in worth.relevant.values() for pair in combinations(sorted(names), 2)
    }
    base, base_hours = worth.value(), worth.hours()
    alone: dict[str, float] = {}
    hours_alone: dict[str, float] = {}
    for name in {name for pair in together for name in pair}:
        alone[name] = _rounded(base - worth.value([name]), worth)
        hours_alone[name] = base_hours - worth.hours([name])
    found = []
    for names in sorted(together):
        first, second = names
        pair = Pair(
            worth.by_name[first],
            worth.by_name[second],
            _rounded(base - worth.value(names), worth),
            (alone[first], alone[second]),
            base_hours - worth.hours(names),
            (hours_alone[first], hours_alone[second]),
        )
        if pair.more_value or (pair.hours > NOTHING and _more(pair.hours, pair.hours_alone)):
            found.append(pair)
    found.sort(key=lambda pair: (-pair.extra, -pair.hours, pair.first.name, pair.second.name))
    return tuple(found[:most])


def said(bought: Bought, *, unit: str) -> Sentence:
    """Say what a measure buys."""
    if not bought.helped and bought.value <= 0.0:
        return Sentence("Alone it changes nothing for any function.")
    template = "It avoids {hours} hours of downtime"
    params = {"hours": f"{bought.hours:,.2f}", "helped": listed(n for n, _ in bought.helped)}
    if unit:
        template += " and {value} {unit} of loss"
        params |= {"value": f"{bought.value:,.0f}", "unit": unit}
    template += " a year for {helped}"
    removed = bought.single_points[0] - bought.single_points[1]
    if removed == 1:
        template += "; a single point of failure is gone"
    elif removed > 1:
        template += "; {removed} single points of failure are gone"
        params["removed"] = str(removed)
    return Sentence(template + ".", params)


def said_of_pair(pair: Pair, *, unit: str) -> Sentence:
    """Say why two measures belong together."""
    value, alone = (pair.value, pair.alone) if pair.more_value else (pair.hours, pair.hours_alone)
    params = {
        "first": pair.first.title,
        "second": pair.second.title,
        "value": f"{value:,.0f}" if pair.more_value else f"{value:,.2f}",
        "sum": f"{sum(alone):,.0f}" if pair.more_value else f"{sum(alone):,.2f}",
        "unit": unit if pair.more_value else "hours less of downtime",
    }
    if pair.only_together:
        return Sentence(
            "“{first}” and “{second}” only work together: {value} {unit} a year; alone, neither"
            " does that.",
            params,
        )
    return Sentence(
        "“{first}” and “{second}” are worth {value} {unit} a year together, {sum} apart.", params
    )
