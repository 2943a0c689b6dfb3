"""Why something is as it is: a tree of reasons, each a sentence to be filled in.

Sentences are kept apart from their parameters, so that pages can say them in other languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SENTENCES: dict[str, str] = {
    "function.up": "{title} works",
    "function.degraded": "{title} works at {capacity}",
    "function.down": "{title} is down",
    "function.below": "{title} is down: {capacity} of it is left, {minimum} is its minimum",
    "hit": "{title} is out because of {event}",
    "hit.partly": "{lost} of {title} is out because of {event}",
    "hit.perhaps": "{title} may be out because of {event}",
    "hit.partly.perhaps": "{lost} of {title} may be out because of {event}",
    "outage": "{title} is out",
    "outage.partly": "{lost} of {title} is out",
    "outage.perhaps": "{title} may be out",
    "outage.partly.perhaps": "{lost} of {title} may be out",
    "entry": "people cannot get into {title} because of {event}",
    "entry.partly": "{lost} of the people cannot get into {title} because of {event}",
    "entry.perhaps": "people may not get into {title} because of {event}",
    "entry.partly.perhaps": "{lost} of the people may not get into {title} because of {event}",
    "entry.outage": "people cannot get into {title}",
    "entry.outage.partly": "{lost} of the people cannot get into {title}",
    "entry.outage.perhaps": "people may not get into {title}",
    "entry.outage.partly.perhaps": "{lost} of the people may not get into {title}",
    "element.down": "{title} does not work",
    "element.degraded": "{title} works at {capacity}",
    "any": "none of the {count} alternatives is enough",
    "at_least": "{working} of {count} work; {needed} are needed",
    "staff.short": "{able} of {heads} {title} can work; {needed} are needed",
    "staff.partly": "{able} of {heads} {title} can work, enough for {capacity}",
    "staff.enough": "{able} of {heads} {title} can work; {needed} are needed",
    "staff.at": "{able} work at {title}",
    "staff.free": "{able} work wherever they are",
    "staff.without": "without “{policy}”: {able}",
    "staff.seats": "all {seats} seats at {title} are taken",
    "staff.path": "at {title} no way to the systems works",
    "staff.no_path": "at {title} nothing leads to the systems that are needed",
    "path": "{title} does not work",
    "path.partly": "{title} gives {capacity} of its seats",
    "fallbacks": "the normal way does not suffice",
    "step.used": "instead: {name}, which gives {capacity}",
    "step.waiting": "{name} is ready in {time}",
    "step.over": "{name} cannot be kept up any longer",
    "step.fails": "{name} does not work either",
    "again": "{title}: as said above",
}

Parameter = str | int


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence: its key, what fills it in, and the reasons behind it."""

    key: str
    params: Mapping[str, Parameter] = field(default_factory=dict)
    because: tuple[Reason, ...] = ()

    @property
    def text(self) -> str:
        """The sentence in English."""
        return SENTENCES[self.key].format_map(self.params)

    def lines(self, depth: int = 0) -> Iterator[tuple[int, str]]:
        """Every sentence with its depth, in reading order."""
        yield depth, self.text
        for reason in self.because:
            yield from reason.lines(depth + 1)

    def __str__(self) -> str:
        return "\n".join("  " * depth + text for depth, text in self.lines())


def as_percent(units: int) -> str:
    """A share of a million as a percentage."""
    return f"{units / 10_000:.1f}".rstrip("0").rstrip(".") + " %"


def as_time(seconds: float) -> str:
    """A length of time in its two largest units."""
    rest = round(seconds)
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if rest >= size and len(parts) < 2:
            parts.append(f"{rest // size} {unit}")
            rest %= size
    return " ".join(parts) or "0 min"
