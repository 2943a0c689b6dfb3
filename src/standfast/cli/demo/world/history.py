"""Past issues: which story happened when, and where.

The last 30 days are dense, the months before them sparse: enough for the on-time report.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from standfast.cli.demo.world.infrastructure import REGIONS, ComponentPlan
from standfast.cli.demo.world.reading import Texts, both, read

RECENT, RECENT_DAYS = 26, 30
OLDER, OLDEST_DAYS = 42, 165
QUIET = timedelta(hours=5)  # every past issue has been over for at least so long
LATE = 0.13  # share of updates that come later than promised
_REGION_NAMES = {region.key: region.name for region in REGIONS}


@dataclass(frozen=True, slots=True)
class Beat:
    """One post: `after` the one before; `cadence` in minutes, None for the service's own."""

    after: timedelta
    status: str
    body: Texts
    cadence: int | None


@dataclass(frozen=True, slots=True)
class Story:
    """An issue from its first to its last post. Texts have the place filled in."""

    service: str
    feature: str
    classification: str
    severity: str
    is_public: bool
    unclear_first: bool
    title: Texts
    impact: Texts
    workaround: Texts
    cause: Texts
    beats: tuple[Beat, ...]

    @property
    def duration(self) -> timedelta:
        """From the first post to the last."""
        return sum((beat.after for beat in self.beats), timedelta())


@dataclass(frozen=True, slots=True)
class PastIssue:
    """A story that began so long `ago` (its first post) on a component."""

    story: Story
    ago: timedelta
    component: str
    region: str


def past_issues(
    components: Collection[ComponentPlan], occupied: Collection[str], chance: random.Random
) -> list[PastIssue]:
    """Every past issue, the oldest first; on `occupied` components only, so somebody was hit."""
    rows = read("stories")["story"]
    days = [*_spread_days(OLDER, RECENT_DAYS, OLDEST_DAYS, chance)]
    days += [*_spread_days(RECENT, 0, RECENT_DAYS, chance)]
    found = []
    for row, ago in zip(_in_turns(rows, len(days), chance), days, strict=True):
        place = chance.choice(
            [
                plan
                for plan in components
                if plan.kind == row["level"]
                and plan.service in {"", row["service"]}
                and plan.key in occupied
            ]
        )
        story = _story(row, place, chance)
        found.append(PastIssue(story, max(ago, story.duration + QUIET), place.key, place.region))
    return sorted(found, key=lambda past: past.ago, reverse=True)


def _in_turns(rows: list[dict[str, Any]], count: int, chance: random.Random) -> Iterator[Any]:
    """So many stories: each as often as the others, in no order."""
    turns: list[dict[str, Any]] = []
    while len(turns) < count:
        turns += chance.sample(rows, len(rows))
    yield from turns[:count]


def _spread_days(
    count: int, newest: int, oldest: int, chance: random.Random
) -> Iterator[timedelta]:
    step = (oldest - newest) / count
    for place in range(count):
        days = newest + step * (place + chance.random() * 0.8)
        yield timedelta(minutes=round(days * 24 * 60))


def _story(row: dict[str, Any], place: ComponentPlan, chance: random.Random) -> Story:
    def told(text: Texts | None) -> Texts:
        return {
            language: words.replace("{place}", _REGION_NAMES[place.region][language]).replace(
                "{part}", place.key
            )
            for language, words in (text or {}).items()
        }

    beats: list[Beat] = []
    for after, status, english, chinese, *rest in row["beats"]:
        late = timedelta(minutes=chance.randint(12, 40)) if chance.random() < LATE else timedelta()
        cadence = int(rest[0]) if rest else None
        wait = timedelta(minutes=after) + (late if beats else timedelta())
        beats.append(Beat(wait, status, told(both(english, chinese)), cadence))
    return Story(
        service=row["service"],
        feature=row["feature"],
        classification=row.get("classification", "incident"),
        severity=row.get("severity", "normal"),
        is_public=row.get("public", False),
        unclear_first=row.get("unclear_first", False),
        title=told(row["title"]),
        impact=told(row["impact"]),
        workaround=told(row.get("workaround")),
        cause=told(row.get("cause")),
        beats=tuple(beats),
    )
