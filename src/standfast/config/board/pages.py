"""Public pages and documents, made when something changes: the application is asked as a visitor
asks it, and its answer is kept.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import structlog
from django.conf import settings
from django.utils.translation.trans_real import (
    get_supported_language_variant,
    parse_accept_lang_header,
)

from standfast.api.statuspage import NAMES
from standfast.apps.catalog.queries.public import public_providers
from standfast.edge.board.visitors import View, Visitors
from standfast.edge.prepared.content import Prepared, prepare
from standfast.edge.prepared.table import Table
from standfast.web.preferences import ZONE_COOKIE

LOG = structlog.get_logger(__name__)
# What the prepared answer says in its own words.
_OWN: Final = frozenset(
    {"content-type", "content-length", "etag", "cache-control", "date", "connection"}
)
_CORS: Final = frozenset({"access-control-allow-origin", "access-control-expose-headers"})
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def visitors(table: Table) -> Visitors:
    """The finder of public pages, with the languages and cookies of this installation."""
    return Visitors(
        table,
        language_of=language_of,
        languages=frozenset(code for code, _ in settings.LANGUAGES),
        zones=frozenset(available_timezones()),
        cookies=(settings.LANGUAGE_COOKIE_NAME, ZONE_COOKIE, settings.SESSION_COOKIE_NAME),
    )


@lru_cache(maxsize=1_000)
def language_of(accepted: str) -> str:
    """The language of a visitor without a cookie, as Django's middleware chooses it."""
    for wanted, _ in parse_accept_lang_header(accepted):
        if wanted == "*":
            break
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return get_supported_language_variant(settings.LANGUAGE_CODE)


class PublicPages:
    """Keeps the table up to date. One thread."""

    def __init__(self, application: Wsgi, table: Table, finder: Visitors) -> None:
        self._application = application
        self._table = table
        self._finder = finder
        self._documents: dict[str, tuple[bytes, Prepared]] = {}

    def on_wish(self, call: Callable[[], None]) -> None:
        """Call this on the event loop when somebody is the first to ask for a page."""
        self._finder.on_wish = call

    def prepare_documents(self) -> None:
        """Every provider's documents for programs; those that did not change stay as they are."""
        found: dict[str, tuple[bytes, Prepared]] = {}
        for provider in public_providers():
            for name in NAMES:
                path = f"/status/{provider.slug}/api/v2/{name}"
                answer = self._ask(path, {})
                if answer is None:
                    continue
                headers, body = answer
                known = self._documents.get(path)
                found[path] = (
                    known
                    if known and known[0] == body
                    else (body, _prepared(headers, body, cors=True))
                )
        gone = frozenset(self._documents.keys() - found.keys())
        changed = {
            path: each[1] for path, each in found.items() if self._documents.get(path) != each
        }
        self._documents = found
        if changed or gone:
            self._table.change(changed, drop=gone)

    def prepare_pages(self) -> None:
        """The pages that visitors asked for lately, all anew."""
        self._finder.put(self._made(self._finder.wanted()))

    def prepare_wishes(self) -> None:
        """Those that somebody has just been the first to ask for."""
        if made := self._made(self._finder.missing()):
            self._finder.add(made)

    def _made(self, views: Iterable[View]) -> dict[View, Prepared]:
        pages = {}
        for view in views:
            cookies = f"{settings.LANGUAGE_COOKIE_NAME}={view.language}"
            if view.zone:
                cookies += f"; {ZONE_COOKIE}={view.zone}"
            extra = {"HTTP_COOKIE": cookies}
            if view.by_script:
                extra["HTTP_HX_REQUEST"] = "true"
            answer = self._ask(view.path, extra)
            if answer is not None:
                pages[view] = _prepared(*answer)
        return pages

    def _ask(self, path: str, extra: Mapping[str, str]) -> tuple[dict[str, str], bytes] | None:
        """The application's answer to a visitor; None unless it is a page that may be kept."""
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], failure: Any = None) -> None:
            told.update(status=status, headers=headers)

        body = self._application(_environ(path, extra), start)
        try:
            content = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        headers = {name.lower(): value for name, value in told["headers"]}
        if not told["status"].startswith("200") or "set-cookie" in headers:
            return None
        return headers, content


def _prepared(headers: Mapping[str, str], body: bytes, *, cors: bool = False) -> Prepared:
    kept = [
        (name.encode(), value.encode("latin-1"))
        for name, value in headers.items()
        if name not in _OWN and not (cors and name in _CORS)
    ]
    return prepare(
        body,
        content_type=headers["content-type"],
        cache_control=headers.get("cache-control", "no-cache"),
        cors=cors,
        more=kept,
    )


def _environ(path: str, extra: Mapping[str, str]) -> dict[str, Any]:
    base = urlsplit(settings.BASE_URL)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": base.hostname or "localhost",
        "SERVER_PORT": str(base.port or (443 if base.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": base.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": base.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **extra,
    }
