"""The 500 tenants: a few that the demo's logins belong to, the others drawn with a fixed seed.

Sizes fall like Zipf's law: the largest has 20,000 people, many have a handful, the smallest one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from standfast.cli.demo.world.infrastructure import REGIONS
from standfast.cli.demo.world.names import Names

COUNT = 500
LARGEST = 20_000
PARTNER_SLUG = "lanternfield-advisory"
PARTNER_NAME = "Lanternfield Advisory"
PARTNER_CUSTOMERS = 8
COUNTRIES = (
    ("TW", 45), ("JP", 11), ("SG", 8), ("MY", 4), ("AU", 3), ("GB", 9), ("DE", 7), ("NL", 3),
    ("IE", 1), ("US", 7), ("CA", 2),
)  # fmt: skip
ZONES = {
    "TW": "Asia/Taipei",
    "JP": "Asia/Tokyo",
    "SG": "Asia/Singapore",
    "MY": "Asia/Kuala_Lumpur",
    "AU": "Australia/Sydney",
    "GB": "Europe/London",
    "DE": "Europe/Berlin",
    "NL": "Europe/Amsterdam",
    "IE": "Europe/Dublin",
    "US": "America/New_York",
    "CA": "America/Toronto",
}


@dataclass(frozen=True, slots=True)
class TenantPlan:
    """A tenant. `size` is its people; `home` the region where most of them are."""

    slug: str
    name: str
    country: str
    language: str
    size: int
    home: str

    @property
    def zone(self) -> str:
        """Its time zone, by country."""
        return ZONES[self.country]


# Those that people of the demo sign in to; sizes are theirs, whatever the law gives the others.
CAST = (
    TenantPlan("harrowmere-foods", "Harrowmere Foods", "TW", "en", 5_200, "TW-NORTH"),
    TenantPlan("chengxi-precision", "澄汐精密工業", "TW", "zh-hant", 860, "TW-NORTH"),
    TenantPlan("lingao-shipping", "凌澳航運", "TW", "zh-hant", 2_400, "TW-SOUTH"),
    TenantPlan("emberfell-clinics", "Emberfell Clinics", "GB", "en", 1_900, "EU-WEST"),
)


def tenants(chance: random.Random) -> list[TenantPlan]:
    """Every tenant, the cast first, the others by falling size."""
    names = Names(chance)
    for each in CAST:
        names.reserve(each.slug)
    countries = [country for country, _weight in COUNTRIES]
    weights = [weight for _country, weight in COUNTRIES]
    homes = {country: [r.key for r in REGIONS if country in r.countries] for country in countries}
    found = list(CAST)
    others = COUNT - len(CAST)
    for rank in range(1, others + 1):
        country = chance.choices(countries, weights)[0]
        chinese = country == "TW" and chance.random() < 0.85
        name = names.give(country, chinese=chinese)
        language = "zh-hant" if chinese else "en"
        home = chance.choice(homes[country])
        found.append(
            TenantPlan(name.slug, name.name, country, language, size_of(rank, others), home)
        )
    return found


def size_of(rank: int, count: int) -> int:
    """People of the tenant that is `rank`th by size: from LARGEST down to 1."""
    left = (count - rank + 1) / count
    return max(1, int(LARGEST / float(rank) ** 1.05 * left * left))


def partner_customers(found: list[TenantPlan]) -> list[TenantPlan]:
    """The eight that the partner looks after: some of the cast, and middling ones."""
    others = [plan for plan in found[len(CAST) :] if 40 <= plan.size <= 900]
    return [*CAST[1:3], *others[:: len(others) // 5][: PARTNER_CUSTOMERS - 2]]
