"""What the options of `evaluate` say happens: NAME@START+LENGTH, and =SHARE for outages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from standfast.cli.continuity.files import BadInput

if TYPE_CHECKING:
    from standfast.engine.continuity.model import Occurrence, Organisation, Outage, Scenario

_FORM = re.compile(
    r"(?P<name>[^@+=]+)(?:@(?P<at>-?[^@+=]+))?(?:\+(?P<lasts>[^@+=]+))?(?:=(?P<share>[^@+=]+))?"
)


def with_library(organisation: Organisation) -> Organisation:
    """The organisation, with the library's events beside its own."""
    from standfast.engine.continuity.library import starting_events

    return replace(organisation, events={**organisation.events, **starting_events(organisation)})


def asked_for(
    organisation: Organisation,
    *,
    scenarios: Sequence[str],
    events: Sequence[str],
    down: Sequence[str],
    with_policies: Sequence[str],
    without_policies: Sequence[str],
) -> list[Scenario]:
    """The scenarios to evaluate: those named, one made of the options, or all of the model."""
    from standfast.engine.continuity.model import Scenario

    for option, names in (("--with", with_policies), ("--without", without_policies)):
        for name in names:
            known(name, organisation.policies, option)
    chosen = [organisation.scenarios[known(name, organisation.scenarios, "--scenario")]
              for name in scenarios]  # fmt: skip
    if events or down:
        made = Scenario(
            "options",
            tuple(_occurrence(organisation, each) for each in events),
            tuple(_outage(organisation, each) for each in down),
            title=" and ".join((*events, *(f"{each} down" for each in down))),
        )
        chosen.append(made)
    if not chosen:
        chosen = list(organisation.scenarios.values()) or [Scenario("normal", title="A normal day")]
    return [_under(each, with_policies, without_policies) for each in chosen]


def _under(scenario: Scenario, more: Sequence[str], less: Sequence[str]) -> Scenario:
    """The options win over what the scenario says."""
    added = (*(name for name in scenario.with_policies if name not in less), *more)
    taken = (*(name for name in scenario.without_policies if name not in more), *less)
    return replace(scenario, with_policies=added, without_policies=taken)


def known(name: str, names: Iterable[str], option: str) -> str:
    """The name, when there is such a thing; otherwise the nearest is suggested."""
    from standfast.engine.continuity.document import nearest

    there = list(names)
    if name in there:
        return name
    near = nearest(name, there)
    hint = f" Did you mean “{near}”?" if near else f" There are: {', '.join(there) or 'none'}."
    raise BadInput(f"{option}: there is no “{name}”.{hint}")


def _occurrence(organisation: Organisation, text: str) -> Occurrence:
    from standfast.engine.continuity.model import Occurrence

    name, at, lasts, share = _parts(text, "--event")
    if share is not None:
        raise BadInput(f"--event: “{text}”: an event has no share; write --down ELEMENT=SHARE")
    return Occurrence(known(name, organisation.events, "--event"), at, lasts)


def _outage(organisation: Organisation, text: str) -> Outage:
    from standfast.engine.continuity.document import percent
    from standfast.engine.continuity.model import Aspect, Outage

    name, at, lasts, written = _parts(text, "--down")
    share = 1.0 if written is None else percent(written)
    if share is None or not 0 < share <= 1:
        raise BadInput(f"--down: “{text}”: write a share such as =40%")
    aspect = Aspect.WHOLE
    if name.endswith("/entry"):
        name, aspect = name.removesuffix("/entry"), Aspect.ENTRY
        known(name, organisation.locations, "--down")
    known(name, [element.name for element in organisation.elements()], "--down")
    return Outage(name, at, lasts, share, aspect)


def _parts(text: str, option: str) -> tuple[str, timedelta, timedelta | None, str | None]:
    found = _FORM.fullmatch(text)
    if found is None:
        raise BadInput(f"{option}: “{text}” is not NAME@START+LENGTH, such as snowstorm@6h+2d")
    at = timed(found["at"] or "0h", option, signed=True)
    lasts = timed(found["lasts"], option) if found["lasts"] else None
    return found["name"].strip(), at, lasts, found["share"]


def timed(text: str, option: str, *, signed: bool = False) -> timedelta:
    """A duration of an option."""
    from standfast.engine.continuity.document import duration

    negative = signed and text.startswith("-")
    length = duration(text.removeprefix("-") if negative else text)
    if length is None:
        raise BadInput(f"{option}: “{text}” is no duration such as 4h, 30min or 2d")
    return -length if negative else length
