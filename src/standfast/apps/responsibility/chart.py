"""A chart and its rows, as pages show them; no database here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils import translation

from standfast.apps.responsibility.defaults import DEFAULT_ROWS
from standfast.apps.tenancy.languages import LANGUAGES, Localised

# From the customer's edge down to the provider's buildings, as the layers of the picture.
OWNERS = ("customer", "both", "provider")
TEXTS = ("regular_provider", "regular_customer", "incident_provider", "incident_customer")


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One responsibility. `origin` says who wrote it: default, provider or service.

    An empty text means that this side has nothing to do.
    """

    key: str
    owner: str
    name: Localised
    regular_provider: Localised
    regular_customer: Localised
    incident_provider: Localised
    incident_customer: Localised
    origin: str = "default"
    position: int = 0
    hidden: bool = False

    @property
    def is_default(self) -> bool:
        """Whether Standfast ships with a row of this key (changed since or not)."""
        return self.key in default_rows()


@dataclass(frozen=True, slots=True)
class ChartGroup:
    """The rows of one owner."""

    owner: str
    rows: list[ChartRow]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in the order of its layers; hidden rows stand apart, for the editor."""

    rows: list[ChartRow]
    hidden: list[ChartRow]

    @property
    def groups(self) -> list[ChartGroup]:
        """The rows by owner, owners without rows left out."""
        found = [
            ChartGroup(owner, [row for row in self.rows if row.owner == owner]) for owner in OWNERS
        ]
        return [group for group in found if group.rows]

    def row(self, key: str) -> ChartRow | None:
        """The row of this key, hidden or not."""
        return next((row for row in (*self.rows, *self.hidden) if row.key == key), None)


@dataclass(frozen=True, slots=True)
class Duty:
    """What one side does now about one responsibility."""

    name: Localised
    text: Localised


@dataclass(frozen=True, slots=True)
class SharedDuty:
    """What both sides do now about a responsibility that they share."""

    name: Localised
    provider: Localised
    customer: Localised


@dataclass(frozen=True, slots=True)
class Duties:
    """The chart during an incident: what the provider does, what is yours now, what is shared.

    Each side's own responsibilities come first, then what it does about the other side's.
    """

    provider: list[Duty]
    customer: list[Duty]
    shared: list[SharedDuty]


def duties_of(chart: Chart) -> Duties:
    """The incident side of a chart."""
    return Duties(
        provider=_duties(chart, "provider"),
        customer=_duties(chart, "customer"),
        shared=[
            SharedDuty(row.name, row.incident_provider, row.incident_customer)
            for row in chart.rows
            if row.owner == "both" and (row.incident_provider or row.incident_customer)
        ],
    )


def arranged(rows: Iterable[ChartRow]) -> Chart:
    """Sort rows into a chart."""
    in_order = sorted(rows, key=lambda row: (OWNERS.index(row.owner), row.position))
    return Chart(
        rows=[row for row in in_order if not row.hidden],
        hidden=[row for row in in_order if row.hidden],
    )


@cache
def default_rows() -> Mapping[str, ChartRow]:
    """The shipped rows by key, in every language of the interface."""
    return {
        row.key: ChartRow(
            key=row.key,
            owner=row.owner,
            name=_in_every_language(row.name),
            regular_provider=_in_every_language(row.regular_provider),
            regular_customer=_in_every_language(row.regular_customer),
            incident_provider=_in_every_language(row.incident_provider),
            incident_customer=_in_every_language(row.incident_customer),
            position=place,
        )
        for place, row in enumerate(DEFAULT_ROWS)
    }


def _in_every_language(text: object) -> Localised:
    found: Localised = {}
    for language in LANGUAGES:
        with translation.override(language):
            translated = str(text)
        # A text without a translation falls back like any other, instead of posing as one.
        if translated and translated != found.get("en"):
            found[language] = translated
    return found


def _duties(chart: Chart, side: str) -> list[Duty]:
    own_first = sorted(chart.rows, key=lambda row: row.owner != side)
    return [
        Duty(row.name, text)
        for row in own_first
        if row.owner != "both" and (text := getattr(row, f"incident_{side}"))
    ]
