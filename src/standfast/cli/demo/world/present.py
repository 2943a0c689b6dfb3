"""What is open at the moment of seeding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from standfast.cli.demo.world.reading import Texts, both, read


@dataclass(frozen=True, slots=True)
class OpenBeat:
    """One post, `at` after the start of the issue; the next one promised in `cadence` minutes."""

    at: timedelta
    status: str
    body: Texts
    cadence: int


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """An open issue that began so long `ago`."""

    service: str
    feature: str
    classification: str
    severity: str
    is_public: bool
    unclear: bool
    title: Texts
    impact: Texts
    info: Texts
    workaround: Texts
    components: tuple[str, ...]
    ago: timedelta
    beats: tuple[OpenBeat, ...]


def open_issues() -> list[OpenIssue]:
    """The advisory, the incident and the one of unclear scope, the oldest first."""
    return [_open_issue(name) for name in ("advisory", "incident", "unclear")]


def _open_issue(name: str) -> OpenIssue:
    row = read("open_now")[name]
    return OpenIssue(
        service=row["service"],
        feature=row["feature"],
        classification=row.get("classification", "incident"),
        severity=row["severity"],
        is_public=row["public"],
        unclear=name == "unclear",
        title=row["title"],
        impact=row["impact"],
        info=row["info"],
        workaround=row["workaround"],
        components=tuple(row["components"]),
        ago=timedelta(minutes=row["minutes_ago"]),
        beats=tuple(
            OpenBeat(timedelta(minutes=at), status, both(english, chinese), cadence)
            for at, status, english, chinese, cadence in row["beats"]
        ),
    )
