"""The question “what stops?”, asked of an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from standfast.engine.continuity.evaluation.causes import Cause, causes_of
from standfast.engine.continuity.evaluation.courses import course_of
from standfast.engine.continuity.evaluation.network import Network, build_network
from standfast.engine.continuity.evaluation.results import Evaluation
from standfast.engine.continuity.evaluation.running import state_at
from standfast.engine.continuity.evaluation.state import State
from standfast.engine.continuity.model.applying import in_place, with_policies
from standfast.engine.continuity.model.events import Scenario
from standfast.engine.continuity.model.organisation import Organisation


class Evaluator:
    """Evaluates scenarios of one organisation; keeps what it works out once.

    Policies in place are applied, unless a scenario says otherwise.
    """

    def __init__(self, organisation: Organisation) -> None:
        """Nothing is worked out before it is asked for."""
        self.organisation = organisation
        self._normal: dict[frozenset[str], State] = {}

    def policies(self, scenario: Scenario) -> frozenset[str]:
        """The policies that count in a scenario."""
        base = in_place(self.organisation) | set(scenario.with_policies)
        return base - set(scenario.without_policies)

    def normal(self, policies: Iterable[str] | None = None) -> State:
        """The state of a day without trouble; do not change it, copy it."""
        chosen = in_place(self.organisation) if policies is None else frozenset(policies)
        if chosen not in self._normal:
            changed = with_policies(self.organisation, chosen)
            self._normal[chosen] = State(build_network(changed))
        return self._normal[chosen]

    def network(self, scenario: Scenario) -> Network:
        """The network that a scenario is evaluated on."""
        return self.normal(self.policies(scenario)).network

    def causes(self, scenario: Scenario) -> tuple[Cause, ...]:
        """What happens in a scenario. Raises KeyError for a name that does not exist."""
        return causes_of(self.network(scenario).organisation, scenario)

    def evaluate(self, scenario: Scenario, *, horizon: timedelta | None = None) -> Evaluation:
        """Say what stops. Raises KeyError for a name that does not exist."""
        normal = self.normal(self.policies(scenario))
        causes = self.causes(scenario)
        until = horizon.total_seconds() if horizon is not None else None
        worst = course_of(normal, causes, until)
        certain = [cause for cause in causes if cause.certain]
        best = worst if len(certain) == len(causes) else course_of(normal, certain, until)
        return Evaluation(scenario, causes, worst, best)

    def state(self, scenario: Scenario, moment: timedelta, *, worst: bool = True) -> State:
        """The state at a moment of a scenario, in the worst or the best case."""
        causes = [cause for cause in self.causes(scenario) if worst or cause.certain]
        normal = self.normal(self.policies(scenario))
        return state_at(normal, causes, moment.total_seconds())
