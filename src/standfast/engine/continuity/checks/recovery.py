"""Gaps between what functions ask for and what they rest on can do: RTO, MTPD and RPO.

The worst case is that everything fails at once. How long something is away then is worked out from
the bottom: as long as its own recovery takes, or as long as the slowest thing that it needs, plus
its restart. Of alternatives the fastest counts, of at least k the k-th. What nobody gave a time
counts as none. In a circle of needs everything waits for the slowest part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from standfast.engine.continuity.checks.finding import Finding, Sentence, Severity, spoken
from standfast.engine.continuity.checks.order import needed_first
from standfast.engine.continuity.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Criticality,
    Element,
    Fallbacks,
    Function,
    Needs,
    Organisation,
    Party,
    Requirement,
    System,
    elements_of,
    needs_of,
)

NONE = timedelta(0)
CRITICAL = frozenset({Criticality.MISSION_CRITICAL, Criticality.BUSINESS_CRITICAL})


@dataclass(frozen=True, slots=True)
class Away:
    """How long something is away at worst, and the chain of names that makes it so."""

    length: timedelta
    chain: tuple[str, ...] = ()


def recoveries(organisation: Organisation) -> dict[str, Away]:
    """How long each element is away in the worst case."""
    found = {element.name: Away(own_recovery(element)) for element in organisation.elements()}
    order = needed_first(organisation)
    # One pass is enough without circles. Around one a time only grows while its chain does.
    changed = True
    while changed:
        changed = False
        for element in order:
            fresh = _away(element, found)
            if fresh.length > found[element.name].length:
                found[element.name] = fresh
                changed = True
    return found


def own_recovery(element: Element) -> timedelta:
    """How long the element takes to be back after a failure of its own."""
    if isinstance(element, Function):
        return NONE
    recovery = element.recovery if isinstance(element, System | Party) else None
    if recovery is not None:
        return recovery
    return timedelta(hours=element.reliability.repair_hours or 0.0)


def _away(element: Element, found: dict[str, Away]) -> Away:
    own = Away(own_recovery(element), (element.name,))
    worst = worst_of(needs_of(element), found)
    restart = element.restart if isinstance(element, System) else NONE
    through = Away(worst.length + restart, (element.name, *worst.chain))
    if (
        element.name in worst.chain
    ):  # around a circle: all wait for its slowest, none restarts twice
        through = worst
    return through if worst.length and through.length > own.length else own


def worst_of(requirement: Requirement, found: dict[str, Away]) -> Away:
    """How long the requirement is not met after everything below it failed at once."""
    match requirement:
        case Needs(name):
            known = found.get(name, Away(NONE))
            return Away(known.length, known.chain or (name,))
        case AllOf(parts):
            return max((worst_of(part, found) for part in parts), key=_length, default=Away(NONE))
        case AnyOf(parts):
            return min((worst_of(part, found) for part in parts), key=_length, default=Away(NONE))
        case AtLeast(_, parts):
            sorted_parts = sorted((worst_of(part, found) for part in parts), key=_length)
            k = min(requirement.k, len(sorted_parts))
            return sorted_parts[k - 1] if k >= 1 else Away(NONE)
        case Fallbacks(primary, steps):
            normal = worst_of(primary, found)
            ready = [Away(step.activation, normal.chain) for step in steps]
            return min([normal, *ready], key=_length)
        case _:
            return Away(NONE)


def _length(away: Away) -> timedelta:
    return away.length


def check_recovery(organisation: Organisation) -> Iterator[Finding]:
    """Yield every objective that cannot be met, contradicts another or is missing."""
    away = recoveries(organisation)
    for function in organisation.functions.values():
        yield from _objectives(function)
        if function.rto is not None:
            yield from _rto(function, function.rto, organisation, away)
        if function.rpo is not None:
            yield from _rpo(function, function.rpo, organisation)


def _place(function: Function, key: str) -> str:
    return f"functions.{function.name}.{key}"


def _objectives(function: Function) -> Iterator[Finding]:
    if function.rto is not None and function.mtpd is not None and function.rto >= function.mtpd:
        yield Finding(
            "rto-without-margin",
            Severity.PROBLEM,
            _place(function, "rto"),
            Sentence(
                "The RTO ({rto}) leaves no time before the MTPD ({mtpd}).",
                {"rto": spoken(function.rto), "mtpd": spoken(function.mtpd)},
            ),
            Sentence("Plan to be back sooner, or correct the MTPD."),
            (function.name,),
        )
    missing = [key for key in ("rto", "mtpd") if getattr(function, key) is None]
    if missing and function.criticality in CRITICAL:
        yield Finding(
            "objective-missing",
            Severity.HINT,
            f"functions.{function.name}",
            Sentence(
                "A {criticality} function without {missing}.",
                {
                    "criticality": function.criticality.value,
                    "missing": " and ".join(key.upper() for key in missing),
                },
            ),
            Sentence("Ask its owner how long the business can be without it."),
            (function.name,),
        )


def _rto(
    function: Function, rto: timedelta, organisation: Organisation, away: dict[str, Away]
) -> Iterator[Finding]:
    worst = worst_of(function.needs, away)
    if worst.length > rto:
        chain = " needs ".join(f"“{name}”" for name in (function.name, *worst.chain))
        yield Finding(
            "rto-gap",
            Severity.PROBLEM,
            _place(function, "rto"),
            Sentence(
                "The RTO is {rto}, but {last} takes {length} to be back: {chain}.",
                {
                    "rto": spoken(rto),
                    "last": f"“{worst.chain[-1]}”" if worst.chain else "what it needs",
                    "length": spoken(worst.length),
                    "chain": chain,
                },
            ),
            Sentence("Add a fallback that is ready in time, restore sooner, or correct the RTO."),
            (function.name, *worst.chain),
        )
    for name in elements_of(function.needs):
        other = organisation.functions.get(name)
        if other is not None and other.rto is not None and other.rto > rto:
            yield Finding(
                "rto-cascade",
                Severity.RISK,
                _place(function, "rto"),
                Sentence(
                    "The RTO is {rto}, but “{other}”, which it needs, may take {longer}.",
                    {"rto": spoken(rto), "other": name, "longer": spoken(other.rto)},
                ),
                Sentence("Give “{other}” an RTO that is as short.", {"other": name}),
                (function.name, name),
            )


def _rpo(function: Function, rpo: timedelta, organisation: Organisation) -> Iterator[Finding]:
    for system, chain in _data_below(function, organisation):
        if system.recovery_point is not None and system.recovery_point > rpo:
            yield Finding(
                "rpo-gap",
                Severity.PROBLEM,
                _place(function, "rpo"),
                Sentence(
                    "Work of {rpo} may be lost, but restoring “{system}” can lose {lost}: {chain}.",
                    {
                        "rpo": spoken(rpo),
                        "system": system.name,
                        "lost": spoken(system.recovery_point),
                        "chain": " needs ".join(f"“{name}”" for name in chain),
                    },
                ),
                Sentence("Copy the data of “{system}” more often.", {"system": system.name}),
                (function.name, system.name),
            )


def _data_below(
    function: Function, organisation: Organisation
) -> Iterator[tuple[System, tuple[str, ...]]]:
    """Every system that the function rests on, with the chain that leads there."""
    seen = {function.name}
    queue: list[tuple[Element, tuple[str, ...]]] = [(function, (function.name,))]
    for element, chain in queue:
        if isinstance(element, System):
            yield element, chain
        for name in elements_of(needs_of(element)):
            below = organisation.element(name)
            if below is not None and name not in seen:
                seen.add(name)
                queue.append((below, (*chain, name)))
