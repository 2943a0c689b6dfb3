"""Public pages, prepared in the language and the time zone of the visitor.

What was asked for lately is kept prepared; whoever is first to ask for something, and whoever is
signed in, is answered by the application.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from standfast.edge.prepared.answer import Answer, Headers, header
from standfast.edge.prepared.content import Prepared
from standfast.edge.prepared.table import Table

_PAGE: Final = re.compile(rb"/status/[A-Za-z0-9_-]+/(?:history/|issues/[A-Za-z0-9-]+/)?")
_COOKIE: Final = re.compile(rb"(?:^|; ?)([A-Za-z_]+)=([^;]*)")
#: Pages that are kept prepared, and for how many seconds after somebody asked last.
MOST_PAGES: Final = 96
KEPT_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class View:
    """A page as one kind of visitor sees it. `by_script`: asked by the page itself, for news."""

    path: str
    language: str
    zone: str
    by_script: bool

    @property
    def key(self) -> str:
        """Where it is in the table; no address looks like this."""
        return f"{self.path}\n{self.language}\n{self.zone}\n{self.by_script}"


class Visitors:
    """Finds prepared pages in a table.

    `language_of(accepted)` chooses the language as the application does, `zones` are the time zones
    that there are; `cookies` are the names of the cookies of language, zone and session. `on_wish`
    is called when somebody is the first to ask for something.
    """

    def __init__(
        self,
        table: Table,
        *,
        language_of: Callable[[str], str],
        languages: frozenset[str],
        zones: frozenset[str],
        cookies: tuple[str, str, str],
    ) -> None:
        self.on_wish: Callable[[], None] = _nothing
        self._table = table
        self._language_of = language_of
        self._languages = languages
        self._zones = zones
        self._cookies = tuple(name.encode() for name in cookies)
        self._asked: dict[View, float] = {}

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        """The page for this visitor, when it is prepared; else it will be for the next."""
        if not _PAGE.fullmatch(target):
            return None
        view = self._view(target, headers)
        if view is None:
            return None
        self._note(view)
        prepared = self._table.shelf.paths.get(view.key.encode())
        return prepared.answer(method, headers) if prepared is not None else None

    def wanted(self) -> list[View]:
        """What was asked for lately."""
        since = time.monotonic() - KEPT_SECONDS
        for view in [view for view, at in list(self._asked.items()) if at < since]:
            self._asked.pop(view, None)
        return list(self._asked)

    def missing(self) -> list[View]:
        """What was asked for lately and is not prepared."""
        have = self._table.shelf.paths
        return [view for view in self.wanted() if view.key.encode() not in have]

    def add(self, pages: Mapping[View, Prepared]) -> None:
        """Put these beside the pages that there are."""
        self._table.change({view.key: each for view, each in pages.items()})

    def put(self, pages: Mapping[View, Prepared]) -> None:
        """Replace the prepared pages by these."""
        put = {view.key: each for view, each in pages.items()}
        old = {key.decode() for key in self._table.shelf.paths if b"\n" in key}
        self._table.change(put, drop=frozenset(old - put.keys()))

    def _note(self, view: View) -> None:
        if view not in self._asked:
            if len(self._asked) >= MOST_PAGES:
                return
            self.on_wish()
        self._asked[view] = time.monotonic()

    def _view(self, target: bytes, headers: Headers) -> View | None:
        cookies = dict(_COOKIE.findall(header(headers, b"cookie")))
        language_name, zone_name, session_name = self._cookies
        if session_name in cookies:
            return None
        zone = cookies.get(zone_name, b"").strip(b'"').decode("latin-1").replace("%2F", "/")
        if zone and zone not in self._zones:
            return None
        language = cookies.get(language_name, b"").decode("latin-1")
        if language not in self._languages:
            accepted = header(headers, b"accept-language").decode("latin-1")
            language = self._language_of(accepted)
        by_script = bool(header(headers, b"hx-request"))
        return View(target.decode(), language, zone, by_script)


def _nothing() -> None:
    """Nobody waits for wishes."""
