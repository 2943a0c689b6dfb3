"""Planned maintenance at the moment of seeding: one moved, one called off, one done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from standfast.cli.demo.world.reading import Texts, both, read


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, `at` from the moment of seeding; a move takes the window `by` so much."""

    at: timedelta
    what: str
    note: Texts
    by: timedelta


@dataclass(frozen=True, slots=True)
class MaintenancePlan:
    """One maintenance; `start` counts from the moment of seeding."""

    services: tuple[str, ...]
    components: tuple[str, ...]
    is_public: bool
    start: timedelta
    length: timedelta
    title: Texts
    body: Texts
    steps: tuple[Step, ...]


def maintenances() -> list[MaintenancePlan]:
    """All of them, in the order of their data."""
    return [
        MaintenancePlan(
            services=tuple(row["services"]),
            components=tuple(row["components"]),
            is_public=row["public"],
            start=timedelta(hours=row["start"]),
            length=timedelta(hours=row["hours"]),
            title=row["title"],
            body=row["body"],
            steps=tuple(
                Step(
                    timedelta(hours=at),
                    what,
                    both(english, chinese) if english else {},
                    timedelta(hours=by),
                )
                for at, what, english, chinese, by in row["steps"]
            ),
        )
        for row in read("maintenance").values()
    ]
