"""Prepared bodies by path; changed as a whole, so that readers need no lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from standfast.edge.prepared.answer import Answer, Headers
from standfast.edge.prepared.content import Prepared

#: Requests that are remembered with their answers: so many, none longer than so many bytes.
MOST_REMEMBERED: Final = 1_024
LONGEST_REMEMBERED: Final = 1_024


class Shelf:
    """The table at one moment, and requests seen meanwhile with their answers.

    In a storm the same clients ask the same thing in the same words, so a whole request is looked
    up before it is parsed. `whole` holds request bytes → the answer and whether to keep the
    connection.
    """

    __slots__ = ("paths", "whole")

    def __init__(self, paths: Mapping[bytes, Prepared]) -> None:
        self.paths = paths
        self.whole: dict[bytes, tuple[Answer, bool]] = {}

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        """The answer to a request; None for what is not prepared."""
        if method not in {b"GET", b"HEAD"}:
            return None
        path, _, _ = target.partition(b"?")
        prepared = self.paths.get(path)
        return prepared.answer(method, headers) if prepared is not None else None

    def remember(self, request: bytes, answer: Answer, keep: bool) -> None:
        """Give the same bytes the same answer from now on."""
        if len(request) > LONGEST_REMEMBERED:
            return
        if len(self.whole) >= MOST_REMEMBERED:
            self.whole.clear()
        self.whole[request] = (answer, keep)


class Table:
    """The current shelf. `change` may be called by any one thread at a time."""

    def __init__(self, paths: Mapping[str, Prepared] | None = None) -> None:
        self.shelf = Shelf({})
        self.change(paths or {})

    def change(self, put: Mapping[str, Prepared], *, drop: frozenset[str] = frozenset()) -> None:
        """Put prepared bodies at their paths and drop others, all at one moment."""
        gone = {path.encode() for path in drop}
        kept = {path: each for path, each in self.shelf.paths.items() if path not in gone}
        kept.update((path.encode(), each) for path, each in put.items())
        self.shelf = Shelf(kept)

    def replace(self, paths: Mapping[str, Prepared]) -> None:
        """Put these and nothing else."""
        self.shelf = Shelf({path.encode(): each for path, each in paths.items()})

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        """The answer to a request; None for what is not prepared."""
        return self.shelf.find(method, target, headers)
