"""The provider, its services and their features."""

from __future__ import annotations

from dataclasses import dataclass

from standfast.cli.demo.world.reading import Texts, read

PROVIDER_SLUG = "nimbarrow"
PROVIDER_NAME = "Nimbarrow Cloud"


@dataclass(frozen=True, slots=True)
class FeaturePlan:
    """A feature as people name it."""

    key: str
    name: Texts


@dataclass(frozen=True, slots=True)
class Level:
    """One kind of component: `each` of them stand below every component of the level above."""

    code: str
    kind: str
    each: int


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A service; see the data file for `share`, `uptake` and `together`."""

    key: str
    prefix: str
    icon: str
    name: Texts
    description: Texts
    share: float
    uptake: float
    together: int
    levels: tuple[Level, ...]
    features: tuple[FeaturePlan, ...]
    capabilities: tuple[str, ...] = ()


def services() -> list[ServicePlan]:
    """Every service, in the order in which pages show them."""
    return [
        ServicePlan(
            **{
                **row,
                "levels": tuple(Level(*level) for level in row["levels"]),
                "features": tuple(FeaturePlan(**feature) for feature in row["features"]),
                "capabilities": tuple(row.get("capabilities", ())),
            }
        )
        for row in read("services")["service"]
    ]
