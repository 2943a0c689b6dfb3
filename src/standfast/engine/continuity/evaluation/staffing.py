"""How many people of a group can work at a moment, where, and which policies that rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from standfast.engine.continuity.evaluation.evaluator import Evaluator
from standfast.engine.continuity.evaluation.network import opening
from standfast.engine.continuity.evaluation.state import State
from standfast.engine.continuity.model.amounts import Amount
from standfast.engine.continuity.model.events import Scenario
from standfast.engine.continuity.model.organisation import Organisation
from standfast.engine.continuity.model.policies import (
    MoreHeads,
    MoreSeats,
    Policy,
    WorkElsewhere,
)
from standfast.engine.continuity.model.requirements import Staff, walk
from standfast.engine.continuity.workforce import HEAD, placed

Using = tuple[str, ...]
Plan = tuple[str, Using]  # a group and the systems that it uses


@dataclass(frozen=True, slots=True)
class Demand:
    """A function that needs people of a group.

    `amount`: as the model says it (a number or a share); `needed`: how many people that is;
    `minimum`: how many it needs at the very least.
    """

    function: str
    amount: Amount
    needed: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Staffing:
    """The people of a group who can work `using` these systems.

    `places`: where they work (location and how many). `anywhere`: those who need no place.
    `without`: how many could work if a policy that is in place were not.
    """

    group: str
    using: Using
    heads: int
    able: int
    places: tuple[tuple[str, int], ...]
    anywhere: int
    demands: tuple[Demand, ...]
    without: tuple[tuple[str, int], ...] = ()

    @property
    def short(self) -> tuple[Demand, ...]:
        """The functions for which these people are too few."""
        return tuple(demand for demand in self.demands if self.able < demand.minimum)


def staffing(
    evaluator: Evaluator,
    scenario: Scenario,
    moment: timedelta,
    *,
    worst: bool = True,
    only: Collection[Plan] | None = None,
) -> tuple[Staffing, ...]:
    """Count every group that a function needs (or `only` these), at a moment of a scenario."""
    state = evaluator.state(scenario, moment, worst=worst)
    organisation, policies = evaluator.organisation, evaluator.policies(scenario)
    less: dict[str, State] = {}  # the same moment without a policy
    found = []
    for group, using in sorted(state.network.plans if only is None else only):
        counted = count(state, group, using)
        without = []
        for name, policy in organisation.policies.items():
            if name in policies and touches(policy, group, organisation):
                if name not in less:
                    less[name] = _without(evaluator, scenario, moment, worst, name)
                without.append((name, less[name].able(group, using)))
        kept = tuple(each for each in without if each[1] != counted.able)
        found.append(replace(counted, without=kept))
    return tuple(found)


def count(state: State, group: str, using: Using) -> Staffing:
    """Count the people of a group in a state, and place them."""
    node, plan = state.network.plans[group, using]
    spots = state.network.spots[node]
    values = state.values
    openings = [opening(spot, values) for spot in spots]
    at, free = placed(values[state.network.nodes[group]], state.network.crowds[node], openings)
    places = tuple(
        (spot.location, people // HEAD)
        for spot, people in zip(plan.spots, at, strict=True)
        if people >= HEAD
    )
    return Staffing(
        group=group,
        using=using,
        heads=plan.heads,
        able=values[node] // HEAD,
        places=places,
        anywhere=free // HEAD,
        demands=demands_for(state.network.organisation, group, using),
    )


def demands_for(organisation: Organisation, group: str, using: Using) -> tuple[Demand, ...]:
    """The functions that need people of a group like this, each with its numbers."""
    heads = organisation.groups[group].heads
    found = []
    for function in organisation.functions.values():
        for need in walk(function.needs):
            if isinstance(need, Staff) and (need.group, tuple(sorted(need.using))) == (
                group,
                using,
            ):
                enough = need.amount.needed(heads)
                least = need.minimum.needed(heads) if need.minimum is not None else enough
                found.append(Demand(function.name, need.amount, enough, least))
    return tuple(found)


def touches(policy: Policy, group: str, organisation: Organisation) -> bool:
    """Whether a policy can change how many of a group can work."""
    return any(_touches(change, group, organisation) for change in policy.changes)


def _touches(change: object, group: str, organisation: Organisation) -> bool:
    match change:
        case WorkElsewhere() | MoreHeads():
            return change.group == group
        case MoreSeats(path, _):
            groups: Iterable[str] = organisation.paths[path].groups
            return not groups or group in groups
        case _:
            return False


def _without(
    evaluator: Evaluator, scenario: Scenario, moment: timedelta, worst: bool, policy: str
) -> State:
    less = Scenario(
        scenario.name,
        scenario.events,
        scenario.outages,
        with_policies=scenario.with_policies,
        without_policies=(*scenario.without_policies, policy),
    )
    return evaluator.state(less, moment, worst=worst)
