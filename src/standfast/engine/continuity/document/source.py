"""YAML text into nodes that know their lines, within bounds that no document needs to pass.

Only events are taken from the parser. Scalars follow YAML 1.2 (“on” and “no” are words), keys must
be unique, and what aliases unfold to counts, so that a small text cannot become a huge document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from standfast.engine.continuity.document.problems import DocumentError, Problem

MAX_BYTES = 16 * 1024 * 1024
MAX_NODES = 1_000_000
MAX_DEPTH = 60

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same events, ten times as fast
_WHOLE = re.compile(r"[-+]?[0-9]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Node:
    """A value of the document: text, number, truth value, None, list or mapping of nodes.

    `line` counts from 1 and is that of its key, where it has one. `size` counts the nodes in it.
    """

    value: Any
    line: int
    size: int = 1


def check_size(size: int) -> None:
    """Refuse a document of so many bytes before anybody reads it. Raises DocumentError."""
    if size > MAX_BYTES:
        message = (
            f"the document has {size / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:,.0f} MB are read."
            " Split it, or leave out what no function needs."
        )
        raise DocumentError([Problem(1, "", message)])


def parse(text: str | bytes) -> Node:
    """Read YAML into nodes. Raises DocumentError with the line for everything that is not right."""
    check_size(len(text))
    try:
        return _Composer(yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        message = f"this is not YAML: {what}"
        raise DocumentError([Problem(mark.line + 1 if mark else 1, "", message)]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"this is not YAML: {str(error).splitlines()[0]}"
        raise DocumentError([Problem(1, "", message)]) from error


def _refuse(line: int, message: str) -> DocumentError:
    return DocumentError([Problem(line, "", message)])


class _Composer:
    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, Node | None] = {}  # None: being read, so not to be referred to
        self._doubles: list[Problem] = []

    def document(self) -> Node:
        next(self._events)  # the stream starts
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise _refuse(1, "the document is empty")
        root = self._node(next(self._events), 0)
        next(self._events)  # the document ends
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _refuse(after.start_mark.line + 1, "a second document starts here; one is read")
        if self._doubles:
            raise DocumentError(self._doubles)
        return root

    def _node(self, event: Any, depth: int) -> Node:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            return self._referred(str(event.anchor), line)
        if depth > MAX_DEPTH:
            raise _refuse(line, f"this is nested deeper than {MAX_DEPTH} levels")
        anchor = event.anchor
        if anchor is not None:
            self._anchors[anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event.value) if event.implicit[0] else event.value
            node = Node(value, line)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._list(line, depth)
        else:
            node = self._mapping(line, depth)
        if node.size > MAX_NODES:
            raise _refuse(
                line, f"the document unfolds to more than {MAX_NODES:,} values (aliases included)"
            )
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _referred(self, anchor: str, line: int) -> Node:
        node = self._anchors.get(anchor)
        if node is None:
            why = "contains itself" if anchor in self._anchors else "is not defined before"
            raise _refuse(line, f"the alias “*{anchor}” {why}")
        return node

    def _list(self, line: int, depth: int) -> Node:
        items, size = [], 1
        event = next(self._events)
        while not isinstance(event, yaml.SequenceEndEvent):
            item = self._node(event, depth + 1)
            items.append(item)
            size += item.size
            event = next(self._events)
        return Node(items, line, size)

    def _mapping(self, line: int, depth: int) -> Node:
        entries: dict[str, Node] = {}
        size = 1
        event = next(self._events)
        while not isinstance(event, yaml.MappingEndEvent):
            key_line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise _refuse(key_line, "a key must be a word, not a list, a mapping or an alias")
            key = event.value
            value = self._node(next(self._events), depth + 1)
            if key in entries:
                first = entries[key].line
                self._doubles.append(
                    Problem(key_line, "", f"“{key}” is here twice, first on line {first}")
                )
            entries[key] = Node(value.value, key_line, value.size)
            size += value.size
            event = next(self._events)
        return Node(entries, line, size)


def _scalar(text: str) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first in "0123456789+-.":
        if len(text) < 20 and _WHOLE.fullmatch(text):
            return int(text)
        if len(text) < 40 and _REAL.fullmatch(text):
            return float(text)
    return text
