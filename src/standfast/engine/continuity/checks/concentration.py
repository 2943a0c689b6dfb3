"""How much hangs on one: single points of critical functions, and the weight of one supplier.

Asked of the compiled graph, so that staffing, access paths and circles of needs count as they do
everywhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from standfast.engine.continuity.checks.finding import Finding, Sentence, Severity, listed
from standfast.engine.continuity.gates import GateGraph
from standfast.engine.continuity.model import (
    Criticality,
    Function,
    Needs,
    Organisation,
    needs_of,
    walk,
)
from standfast.engine.continuity.simulation.blows import single_points, stopped

# From this share of functions on, one supplier is a concentration worth a decision.
HEAVY = 0.5
WEIGHTS = {
    Criticality.MISSION_CRITICAL: 8,
    Criticality.BUSINESS_CRITICAL: 4,
    Criticality.IMPORTANT: 2,
    Criticality.DEFERRABLE: 1,
}


@dataclass(frozen=True, slots=True)
class SupplierWeight:
    """What stops when all that one supplier or provider delivers is gone.

    `share` is the part of all functions, by criticality (mission-critical counts eight times
    deferrable); `touches` are functions that rest on it without stopping.
    """

    supplier: str
    delivers: tuple[str, ...]
    stops: tuple[str, ...]
    touches: tuple[str, ...]
    share: float


def deliveries(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    """Which systems come from whom, by supplier's name or, without one, by provider's key."""
    found: dict[str, list[str]] = {}
    for system in organisation.systems.values():
        if source := system.supplier or system.provider:
            found.setdefault(source, []).append(system.name)
    return {source: tuple(names) for source, names in found.items()}


def weights(
    organisation: Organisation, graph: GateGraph, leaves_of: Mapping[str, Collection[int]]
) -> tuple[SupplierWeight, ...]:
    """Return the weight of every supplier, the heaviest first.

    `leaves_of` gives the leaves that fail when an element as a whole does.
    """
    sources = deliveries(organisation)
    blows = [
        {leaf for name in (source, *names) for leaf in leaves_of.get(name, ())}
        for source, names in sources.items()
    ]
    hit = stopped(graph, blows)
    functions = organisation.functions.values()
    below = {function.name: _below(organisation, function) for function in functions}
    total = sum(WEIGHTS[function.criticality] for function in functions)
    result = []
    for number, (source, names) in enumerate(sources.items()):
        stops = tuple(name for name in organisation.functions if _is_hit(hit, name, number))
        touches = tuple(
            name
            for name, rests_on in below.items()
            if name not in stops and rests_on & {source, *names}
        )
        weight = sum(WEIGHTS[organisation.functions[name].criticality] for name in stops)
        share = weight / total if total else 0.0
        result.append(SupplierWeight(source, names, stops, touches, share))
    return tuple(sorted(result, key=lambda found: (-found.share, found.supplier)))


def _is_hit(hit: Mapping[str, list[bool]], name: str, number: int) -> bool:
    return name in hit and hit[name][number]


def _below(organisation: Organisation, function: Function) -> set[str]:
    """Every element that the function names, directly or through others."""
    seen: set[str] = set()
    queue = [function.name]
    while queue:
        element = organisation.element(queue.pop())
        if element is None or element.name in seen:
            continue
        seen.add(element.name)
        queue += [part.element for part in walk(needs_of(element)) if isinstance(part, Needs)]
    return seen


def check_concentration(
    organisation: Organisation, graph: GateGraph, leaves_of: Mapping[str, Collection[int]]
) -> Iterator[Finding]:
    """Yield the suppliers on which too much hangs."""
    for found in weights(organisation, graph, leaves_of):
        if found.share < HEAVY or len(found.stops) < 2:
            continue
        is_party = found.supplier in organisation.parties
        yield Finding(
            "concentration",
            Severity.RISK,
            f"parties.{found.supplier}" if is_party else f"systems.{found.delivers[0]}.provider",
            Sentence(
                "{count} of {all} functions ({share}) stop without “{supplier}”: {stops}.",
                {
                    "supplier": found.supplier,
                    "count": str(len(found.stops)),
                    "all": str(len(organisation.functions)),
                    "share": f"{found.share:.0%} by weight",
                    "stops": listed(found.stops),
                },
            ),
            Sentence("Agree on an exit, or keep an alternative that comes from somebody else."),
            (found.supplier, *found.stops),
        )


def check_single_points(
    organisation: Organisation, graph: GateGraph, element_of: Mapping[int, str]
) -> Iterator[Finding]:
    """Yield the single failures that stop mission- and business-critical functions.

    `element_of` gives the element or event that a leaf stands for.
    """
    severities = {
        Criticality.MISSION_CRITICAL: Severity.PROBLEM,
        Criticality.BUSINESS_CRITICAL: Severity.RISK,
    }
    for top, leaves in single_points(graph).items():
        function = organisation.functions.get(top)
        if function is None or function.criticality not in severities or not leaves:
            continue
        names = list(dict.fromkeys(element_of.get(leaf, graph.name(leaf)) for leaf in leaves))
        yield Finding(
            "single-point-of-failure",
            severities[function.criticality],
            f"functions.{top}.needs",
            Sentence(
                "{count} single failures stop this {criticality} function: {names}.",
                {
                    "count": str(len(names)),
                    "criticality": function.criticality.value,
                    "names": listed(names),
                },
            ),
            Sentence("Give each an alternative, or write down why the risk is accepted."),
            (top, *names),
        )
