"""Answers for tenants' programs without a database: token → tenant → bits → joined bytes.

`look` is told of each new world by the feeder; when it has not been for a moment, nothing is
answered here, so a revoked token or an old world cannot live on behind a feeder that stands still.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

from standfast.edge.board import health, statuspage
from standfast.edge.board.tokens import Bearer, TokenTable
from standfast.edge.board.world import Tenant, World
from standfast.edge.prepared.answer import Answer, Headers, header, lines
from standfast.edge.prepared.negotiation import names_tag

#: Seconds after which a feeder that has not looked stands still, and the database is asked again.
#: It looks several times a second; asking too early would load a busy machine the more.
DOUBT_AFTER: Final = 2.0
#: Bytes of answers that are kept for tenants that ask again before something changes.
KEPT_BYTES: Final = 64_000_000
_HEALTH: Final = re.compile(rb"/api/v1/health")
_WITH_HEADER: Final = re.compile(rb"/api/statuspage/([A-Za-z0-9_-]+)/api/v2/([a-z/]+\.json)")
_WITH_ADDRESS: Final = re.compile(rb"/api/statuspage/token/([^/?]+)/api/v2/([a-z/]+\.json)")
_BEGINNING: Final = b"/api/"
Admit: TypeAlias = Callable[[int, float], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the document, by which token, of which tenant (empty for its own)."""

    document: str
    token: bytes
    slug: bytes = b""


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    tag: bytes
    full: Answer
    bare: Answer
    known: Answer


class Board:
    """What this process knows; everything but `tokens` is used on the event loop alone.

    `base` begins addresses of pages; `admit(token, now)` counts a request and says whether the
    token may ask now; `used` collects the tokens that asked, for whoever notes it.
    """

    def __init__(
        self, *, base: str, secret: str, admit: Admit, clock: Callable[[], float] = time.time
    ) -> None:
        self.tokens = TokenTable()
        self.marks = statuspage.Marks(secret)
        self.used: set[int] = set()
        self.answered = 0
        self._base = base
        self._admit = admit
        self._clock = clock
        self._world: World | None = None
        self._looked = float("-inf")
        self._kept: OrderedDict[tuple[int, str], _Ready] = OrderedDict()
        self._kept_bytes = 0

    def look(self, world: World | None = None, *, now: float) -> None:
        """The feeder has looked at this monotonic time; `world` when something changed."""
        self._looked = now
        if world is not None:
            self._world = world
            self._kept.clear()
            self._kept_bytes = 0

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        """The answer to a tenant's program; None when the application has to answer."""
        if not target.startswith(_BEGINNING):
            return None
        now, version = self._clock(), self.tokens.version
        world, question = self._current_world(now), _question(target, headers)
        bearer = self.tokens.bearer(question.token, now=now) if question else None
        if world is None or question is None or bearer is None:
            return None
        ready = self._ready(world, bearer, question)
        if ready is None or not self._admit(bearer.token, now):
            return None
        self._note(bearer)
        if (tags := header(headers, b"if-none-match")) and names_tag(tags, ready.tag):
            answer = ready.known
        else:
            answer = ready.bare if method == b"HEAD" else ready.full
        return replace(answer, again=partial(self._again, answer, world, bearer, version))

    def _again(self, answer: Answer, world: World, bearer: Bearer, version: int) -> Answer | None:
        """The same answer to the same bytes, while nothing has changed and the token may ask."""
        now = self._clock()
        if (
            self.tokens.version != version
            or self._current_world(now) is not world
            or 0 < bearer.ends <= now
            or not self._admit(bearer.token, now)
        ):
            return None
        self._note(bearer)
        return answer

    def _note(self, bearer: Bearer) -> None:
        self.used.add(bearer.token)
        self.answered += 1

    def _current_world(self, now: float) -> World | None:
        """The world, unless the feeder stands still or another day has begun."""
        world = self._world
        if world is None or time.monotonic() - self._looked > DOUBT_AFTER:
            return None
        return world if now // 86_400 == world.today.toordinal() - _EPOCH else None

    def _ready(self, world: World, bearer: Bearer, question: Question) -> _Ready | None:
        tenant = world.tenants.get(bearer.tenant)
        if tenant is None or bearer.tenant >= len(world.rows) or bearer.tenant in world.unsure:
            return None
        if question.slug and question.slug != tenant.slug.encode():
            return None
        key = (bearer.tenant, question.document)
        ready = self._kept.get(key)
        if ready is None:
            ready = self._keep(key, _made(self._body(world, tenant, question.document)))
        else:
            self._kept.move_to_end(key)
        return ready

    def _body(self, world: World, tenant: Tenant, document: str) -> bytes:
        if document == "health":
            return health.dashboard(world, tenant)
        return statuspage.document(world, tenant, document, base=self._base, marks=self.marks)

    def _keep(self, key: tuple[int, str], ready: _Ready) -> _Ready:
        self._kept[key] = ready
        self._kept_bytes += len(ready.full.body)
        while self._kept_bytes > KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest.full.body)
        return ready


_EPOCH: Final = 719_163  # the ordinal of 1970-01-01
_SHARED: Final = (
    (b"cache-control", b"private, no-cache"),
    (b"x-content-type-options", b"nosniff"),
)


def _question(target: bytes, headers: Headers) -> Question | None:
    if _HEALTH.fullmatch(target):
        return Question("health", _bearer(headers))
    if found := _WITH_ADDRESS.fullmatch(target):
        question = Question(found[2].decode(), found[1])
    elif found := _WITH_HEADER.fullmatch(target):
        question = Question(found[2].decode(), _bearer(headers), found[1])
    else:
        return None
    return question if question.document in statuspage.NAMES else None


def _bearer(headers: Headers) -> bytes:
    kind, _, token = header(headers, b"authorization").partition(b" ")
    return token if kind.lower() == b"bearer" else b""


def _made(body: bytes) -> _Ready:
    tag = b'"%b"' % hashlib.sha256(body).hexdigest()[:32].encode()
    known = lines([(b"etag", tag), *_SHARED])
    full = known + lines(
        [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
        ]
    )
    return _Ready(tag, Answer(200, full, body), Answer(200, full), Answer(304, known))
