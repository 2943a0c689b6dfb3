"""Invented names of organisations, by country. Each combination is used once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from standfast.cli.demo.world.reading import read

LEGAL_FORMS = {"DE": " AG", "NL": " BV", "JP": " KK", "SG": " Pte Ltd", "MY": " Bhd"}
PIECES = {"DE": "german", "JP": "japanese"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what stands for it in addresses."""

    slug: str
    name: str


class Names:
    """Gives out names without repetition, in an order that `chance` decides."""

    def __init__(self, chance: random.Random) -> None:
        self._pools = {
            pieces: _shuffled(make(pieces), chance)
            for pieces, make in (
                ("chinese", _chinese),
                ("english", _compounds),
                ("german", _compounds),
                ("japanese", _compounds),
            )
        }
        self._given: set[str] = set()

    def reserve(self, slug: str) -> None:
        """Never give this one out: somebody has it already."""
        self._given.add(slug)

    def give(self, country: str, *, chinese: bool) -> Name:
        """The next name for an organisation of this country."""
        pieces = "chinese" if chinese else PIECES.get(country, "english")
        pool = self._pools[pieces]
        while True:
            found = pool.pop()
            if found.slug not in self._given:
                self._given.add(found.slug)
                return Name(found.slug, found.name + LEGAL_FORMS.get(country, ""))


def _chinese(pieces: str) -> Iterator[Name]:
    data = read("names")[pieces]
    for (first, first_slug), (trade, trade_slug) in product(data["first"], data["trade"]):
        yield Name(f"{first_slug}-{trade_slug}", f"{first}{trade}")


def _compounds(pieces: str) -> Iterator[Name]:
    data = read("names")[pieces]
    for first, second, trade in product(data["first"], data["second"], data["trade"]):
        name = f"{first}{second} {trade}"
        yield Name(name.lower().replace(" ", "-"), name)


def _shuffled(names: Iterator[Name], chance: random.Random) -> list[Name]:
    found = list(names)
    chance.shuffle(found)
    return found
