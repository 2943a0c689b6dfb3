"""A document changed through the model: its comments, order and spelling stay as they are.

Only what says something else than before is touched; “PT4H” stays “PT4H” while it means four hours.
"""

from __future__ import annotations

import re
from typing import Any

from standfast.engine.continuity.document.reading import load
from standfast.engine.continuity.document.source import MAX_BYTES, check_size
from standfast.engine.continuity.document.writing import to_data, to_yaml, writer
from standfast.engine.continuity.model.organisation import Organisation


def revise(text: str, changed: Organisation) -> str:
    """Return the document saying what `changed` says.

    Raises DocumentError when the document is not right as it is.
    """
    check_size(len(text))
    before, after = to_data(load(text)), to_data(changed)
    if before == after:
        return text
    yaml = writer(width=MAX_BYTES, offset=_offset(text))  # no line is broken that was not
    tree = yaml.load(text)
    _merge(tree, before, after)
    return to_yaml(tree, yaml)


_DASHES = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n\1( *)- ", re.MULTILINE)


def _offset(text: str) -> int:
    """How far this author moves the dashes of a list to the right."""
    found = _DASHES.search(text)
    return len(found[2]) if found else 2


def _merge(tree: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Make a mapping of the document say `after`, given that it says `before`."""
    for key in before:
        if key not in after:
            tree.pop(key, None)
    for key, value in after.items():
        if key in before and before[key] == value:
            continue
        old, there = before.get(key), tree.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and isinstance(there, dict):
            _merge(there, old, value)
        elif isinstance(old, list) and isinstance(value, list) and _alike(there, old):
            _merge_lists(there, old, value)
        else:
            tree[key] = value


def _alike(there: Any, old: list[Any]) -> bool:
    """Whether a list of the document has an item for each of ours, so that they can be paired."""
    return isinstance(there, list) and len(there) == len(old)


def _merge_lists(there: Any, old: list[Any], new: list[Any]) -> None:
    """Keep the items that stay, with their comments; the rest is taken out or put in."""
    kept = 0
    while kept < min(len(old), len(new)) and old[kept] == new[kept]:
        kept += 1
    tail = 0
    while tail < min(len(old), len(new)) - kept and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[kept : len(old) - tail], new[kept : len(new) - tail]
    for number, value in enumerate(middle_new):
        place = kept + number
        if number < len(middle_old):
            was, here = middle_old[number], there[place]
            if isinstance(was, dict) and isinstance(value, dict) and isinstance(here, dict):
                _merge(here, was, value)
            else:
                there[place] = value
        else:
            there.insert(place, value)
    for _ in range(len(middle_old) - len(middle_new)):
        del there[kept + len(middle_new)]
