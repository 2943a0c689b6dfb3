"""What `--crew` says: NAME=SIZE:ELEMENT,ELEMENT@DAYS HH-HH."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from standfast.cli.continuity.files import BadInput
from standfast.cli.continuity.happening import known

if TYPE_CHECKING:
    from standfast.engine.continuity.simulation.exposure import Crew, Roster

EXAMPLE = "it=2:mail,vpn@mon-fri 08-18"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(r"(?P<name>[^=:@]+)=(?P<size>\d+):(?P<elements>[^@]+)(?:@(?P<duty>.+))?")
_DUTY = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<from>\d+)-(?P<to>\d+)")


def crew_of(text: str, elements: Iterable[str], leaf_numbers: Mapping[str, int]) -> Crew:
    """The crew that the option asks for. Raises BadInput.

    Elements that stop no function have no leaf, and are nothing to simulate.
    """
    from standfast.engine.continuity.simulation.exposure import Crew

    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"--crew: “{text}” is not NAME=SIZE:ELEMENTS, such as {EXAMPLE}")
    names = [name.strip() for name in found["elements"].split(",") if name.strip()]
    there = [known(name, elements, "--crew") for name in names]
    leaves = frozenset(leaf_numbers[name] for name in there if name in leaf_numbers)
    try:
        roster = _roster(found["duty"], text) if found["duty"] else None
        return Crew(found["name"].strip(), int(found["size"]), leaves, roster)
    except ValueError as error:
        raise BadInput(f"--crew: {error}") from error


def _roster(duty: str, text: str) -> Roster:
    from standfast.engine.continuity.simulation.exposure import Roster

    found = _DUTY.fullmatch(duty.strip().lower())
    days = (found["first"], found["last"] or found["first"]) if found else ()
    if found is None or any(day not in DAYS for day in days):
        raise BadInput(f"--crew: “{text}”: duty is written as DAYS HH-HH, such as {EXAMPLE}")
    first, last = (DAYS.index(day) for day in days)
    begin, end = int(found["from"]), int(found["to"])
    if not 0 <= begin < end <= 24:
        raise BadInput(f"--crew: “{text}”: hours of duty go from 0 to 24, the later one last")
    count = (last - first) % 7 + 1
    numbers = sorted((first + step) % 7 for step in range(count))
    return Roster(tuple((day * 24.0 + begin, day * 24.0 + end) for day in numbers))
