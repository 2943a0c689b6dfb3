"""What a drill did, step by step, with times."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import click

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


class StepFailed(Exception):
    """The step did not do what it must; the message says what was seen instead."""


@dataclass(slots=True)
class Step:
    """One step. `level` is ok, warn or fail."""

    name: str
    level: str
    seconds: float
    said: str


@dataclass(slots=True)
class Report:
    """All steps so far, told as they end."""

    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    steps: list[Step] = field(default_factory=list)
    tell: Callable[[Step], None] | None = None

    @property
    def is_good(self) -> bool:
        """Whether every step did what it must."""
        return bool(self.steps) and all(step.level != "fail" for step in self.steps)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Run a step; what is put on the list it yields is told. A failure ends the drill."""
        said: list[str] = []
        start = time.monotonic()
        try:
            yield said
        except StepFailed as failed:
            self._note(name, "fail", start, str(failed))
            raise
        except Exception as error:
            self._note(name, "fail", start, f"{type(error).__name__}: {error}")
            raise StepFailed(name) from error
        self._note(name, "ok", start, " ".join(said))

    def warn(self, name: str, said: str) -> None:
        """Something to know that fails nothing."""
        self._note(name, "warn", time.monotonic(), said)

    def _note(self, name: str, level: str, start: float, said: str) -> None:
        step = Step(name, level, round(time.monotonic() - start, 2), said)
        self.steps.append(step)
        if self.tell:
            self.tell(step)

    def as_json(self) -> str:
        """For programs, and for keeping as evidence."""
        found = {
            "drill": "backup-site",
            "began": self.began.isoformat(timespec="seconds"),
            "ended": datetime.now(UTC).isoformat(timespec="seconds"),
            "passed": self.is_good,
            "steps": [asdict(step) for step in self.steps],
        }
        return json.dumps(found, ensure_ascii=False, indent=2)


def tell_step(step: Step) -> None:
    """One line of the report on the terminal."""
    mark = click.style(f"{step.level:<4}", fg=_COLOURS[step.level])
    click.echo(f"{mark}  {step.seconds:>6.2f} s  {step.name}")
    if step.said:
        click.echo(f"{'':16}{step.said}")
