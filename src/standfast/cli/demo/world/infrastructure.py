"""The components: region > datacenter > forest > server > database, and the like by service.

The last identity partition of each region's first datacenter is also served from the second one:
it stands below two directory servers, so the tree is really a graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from standfast.cli.demo.world.offerings import ServicePlan
from standfast.cli.demo.world.reading import Texts, both

DIGITS = (2, 3, 4)  # of the running numbers, by level below the datacenter
SHARED_SERVICE = "identity"


@dataclass(frozen=True, slots=True)
class Region:
    """A region, and the countries whose organisations are at home in it."""

    key: str
    name: Texts
    countries: tuple[str, ...]


REGIONS = (
    Region("EU-WEST", both("Western Europe", "西歐"), ("GB", "DE", "NL", "IE")),
    Region("US-EAST", both("Eastern United States", "美國東部"), ("US", "CA")),
    Region("TW-NORTH", both("Northern Taiwan", "台灣北部"), ("TW",)),
    Region("TW-SOUTH", both("Southern Taiwan", "台灣南部"), ("TW",)),
    Region("JAPAN", both("Japan", "日本"), ("JP",)),
    Region("SEA", both("South-East Asia", "東南亞"), ("SG", "MY", "AU")),
)
DATACENTERS = ("A", "B")


@dataclass(frozen=True, slots=True)
class ComponentPlan:
    """A component. `region` is the key of the region that it is in; `service` '' for sites."""

    key: str
    name: str
    kind: str
    parents: tuple[str, ...]
    region: str
    service: str = ""
    is_leaf: bool = False


def components(services: list[ServicePlan]) -> list[ComponentPlan]:
    """Every component, parents before their children."""
    found: list[ComponentPlan] = []
    numbers: Counter[str] = Counter()
    for region in REGIONS:
        found.append(ComponentPlan(region.key, region.name["en"], "region", (), region.key))
        for letter in DATACENTERS:
            site = ComponentPlan(
                f"{region.key}-{letter}",
                f"{region.name['en']} {letter}",
                "datacenter",
                (region.key,),
                region.key,
            )
            found.append(site)
            for service in services:
                found.extend(_below(site, service, numbers))
    return _with_shared(found)


def _below(
    site: ComponentPlan, service: ServicePlan, numbers: Counter[str]
) -> Iterator[ComponentPlan]:
    parents = [site]
    for depth, level in enumerate(service.levels):
        children = []
        for parent in parents:
            for _each in range(level.each):
                numbers[level.code] += 1
                key = f"{level.code}-{numbers[level.code]:0{DIGITS[depth]}d}"
                children.append(
                    ComponentPlan(
                        key,
                        f"{level.kind.capitalize()}, {site.name}",
                        level.kind,
                        (parent.key,),
                        site.region,
                        service.key,
                        is_leaf=depth == len(service.levels) - 1,
                    )
                )
        yield from children
        parents = children


def _with_shared(found: list[ComponentPlan]) -> list[ComponentPlan]:
    """Give one leaf a region a second parent in the other datacenter."""
    ours = [plan for plan in found if plan.service == SHARED_SERVICE]
    second_parents: dict[str, str] = {}
    for region in REGIONS:
        leaves = [plan for plan in ours if plan.region == region.key and plan.is_leaf]
        first_site = leaves[: len(leaves) // len(DATACENTERS)]
        second_parents[first_site[-1].key] = leaves[-1].parents[0]
    return sorted(
        (
            replace(plan, parents=(*plan.parents, second_parents[plan.key]))
            if plan.key in second_parents
            else plan
            for plan in found
        ),
        key=lambda plan: plan.key in second_parents,  # after both parents
    )
