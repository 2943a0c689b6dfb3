"""A fragment put into a model, where nothing that is there already is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from standfast.engine.continuity.importing.network import Fragment, short_name
from standfast.engine.continuity.model import Organisation


def taken_names(organisation: Organisation) -> set[str]:
    """Names that a fragment must not give to something else."""
    return {element.name for element in organisation.elements()} | set(organisation.paths)


def known_location(organisation: Organisation) -> Callable[[str], str | None]:
    """A function from what a file calls a location to its name in the model, if it is there."""
    by_label: dict[str, str] = {}
    for location in organisation.locations.values():
        by_label.setdefault(short_name(location.title), location.name)
    by_label |= {short_name(name): name for name in organisation.locations}
    by_label.pop("", None)
    return lambda label: by_label.get(short_name(label))


def merged(organisation: Organisation, fragment: Fragment) -> Organisation:
    """The model with the fragment's elements added.

    Raises ValueError when a name is taken, which names given with `taken_names` never are.
    """
    given = {**fragment.groups, **fragment.locations, **fragment.systems}
    if doubles := sorted(given.keys() & taken_names(organisation)):
        raise ValueError(f"the model has “{doubles[0]}” already")
    return replace(
        organisation,
        groups={**organisation.groups, **fragment.groups},
        locations={**organisation.locations, **fragment.locations},
        systems={**organisation.systems, **fragment.systems},
    )
