"""The four network connectivity principles, asked of every access path that leads to a cloud.

Tell cloud traffic apart; let it leave near the people; no hairpins over places that it has no
business in; let trusted endpoints pass proxies and inspection. What each category of endpoints asks
for comes from the library.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from standfast.engine.continuity.checks.finding import Finding, Sentence, Severity, listed
from standfast.engine.continuity.library import CATEGORIES
from standfast.engine.continuity.model import (
    AccessPath,
    EndpointCategory,
    Location,
    LocationKind,
    Organisation,
    SystemKind,
)

EARTH_RADIUS = 6371.0
# Nearer than this the detour does not matter.
NEAR = 100.0


def check_connectivity(organisation: Organisation) -> Iterator[Finding]:
    """Yield what each access path does against the principles."""
    for path in organisation.paths.values():
        clouds = _clouds(path, organisation)
        if clouds:
            yield from _told_apart(path)
            yield from _egress(path, organisation)
            yield from _hairpin(path, organisation)
            yield from _bypass(path)


def _clouds(path: AccessPath, organisation: Organisation) -> list[str]:
    reached = path.reaches or organisation.systems
    systems = [organisation.systems[name] for name in reached if name in organisation.systems]
    kinds = {SystemKind.CLOUD, SystemKind.IDENTITY}
    return [system.name for system in systems if system.kind in kinds and not system.at]


def _place(path: AccessPath, key: str) -> str:
    return f"access_paths.{path.name}.connectivity.{key}"


def _told_apart(path: AccessPath) -> Iterator[Finding]:
    apart = path.connectivity.tells_cloud_apart
    if apart is False:
        yield Finding(
            "cloud-not-told-apart",
            Severity.RISK,
            _place(path, "tells_cloud_apart"),
            Sentence("Cloud traffic is treated like any other traffic on this path."),
            Sentence("Recognise it by the provider's published endpoints, and route it apart."),
            (path.name,),
        )
    elif apart is None:
        yield Finding(
            "connectivity-unknown",
            Severity.HINT,
            f"access_paths.{path.name}.connectivity",
            Sentence("Nobody says how cloud traffic goes on this path."),
            Sentence("Fill in “connectivity”, or the VPN model if it has one."),
            (path.name,),
        )


def _egress(path: AccessPath, organisation: Organisation) -> Iterator[Finding]:
    egress = path.connectivity.egress
    if not egress or _same_place(path.at, egress, organisation):
        return
    away = distance(organisation.locations.get(path.at), organisation.locations.get(egress))
    if away is not None and away <= NEAR:
        return
    far = "" if away is None else f", {away:,.0f} km away"
    yield Finding(
        "egress-not-local",
        Severity.RISK,
        _place(path, "egress"),
        Sentence(
            "People at “{at}” enter the Internet at “{egress}”{far}.",
            {"at": path.at, "egress": egress, "far": far},
        ),
        Sentence("Let cloud traffic leave where the people are."),
        (path.name, path.at, egress),
    )


def _hairpin(path: AccessPath, organisation: Organisation) -> Iterator[Finding]:
    passed = [
        name for name in path.connectivity.via if not _same_place(path.at, name, organisation)
    ]
    if not passed:
        return
    whole = route(organisation, [path.at, *passed])
    longer = "" if whole is None else f", {whole:,.0f} km of detour"
    yield Finding(
        "hairpin",
        Severity.RISK,
        _place(path, "via"),
        Sentence(
            "Cloud traffic of this path goes over {passed} first{longer}; it stops with it, too.",
            {"passed": listed(passed), "longer": longer},
        ),
        Sentence("Let it go directly; keep the tunnel for what is inside of the network."),
        (path.name, *passed),
    )


def _bypass(path: AccessPath) -> Iterator[Finding]:
    bypass = path.connectivity.bypass
    if bypass is None:
        return
    for category, facts in CATEGORIES.items():
        if not facts.bypass or category in bypass:
            continue
        worst = category is EndpointCategory.OPTIMIZE
        yield Finding(
            "trusted-endpoints-inspected",
            Severity.RISK if worst else Severity.HINT,
            _place(path, "bypass"),
            Sentence(
                "Endpoints of the category “{category}” pass proxies or inspection here: {what}.",
                {"category": category.value, "what": ", ".join(facts.examples)},
            ),
            Sentence(
                "Let them bypass inspection; the provider secures them.",
                {"category": category.value},
            ),
            (path.name,),
        )


def _same_place(first: str, second: str, organisation: Organisation) -> bool:
    """Whether one of the two lies inside of the other."""
    return second in _around(first, organisation) or first in _around(second, organisation)


def _around(name: str, organisation: Organisation) -> set[str]:
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        found = organisation.locations.get(name)
        name = found.within if found else ""
    return seen


def distance(first: Location | None, second: Location | None) -> float | None:
    """Kilometres along the surface; None where a position is not known or not fixed."""
    points = []
    for place in (first, second):
        if place is None or place.latitude is None or place.longitude is None:
            return None
        if place.kind in {LocationKind.HOME, LocationKind.MOBILE}:
            return None
        points.append((math.radians(place.latitude), math.radians(place.longitude)))
    (north, east), (other_north, other_east) = points
    half = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def route(organisation: Organisation, names: Sequence[str]) -> float | None:
    """Kilometres from one place to the next; None where a position is missing."""
    places = [organisation.locations.get(name) for name in names]
    steps = [distance(*pair) for pair in pairwise(places)]
    known = [step for step in steps if step is not None]
    return sum(known) if len(known) == len(steps) else None
