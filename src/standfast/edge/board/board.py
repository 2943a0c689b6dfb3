"""Answers for tenants' programs without a database: token → tenant → bits → joined bytes.

`look` is told of each new world by the feeder; when it has not been for a moment, nothing is
answered here, so a revoked token or an old world cannot live on behind a feeder that stands still.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

from standfast.edge.board import statuspage
from standfast.edge.board.ready import Kept, without_body
from standfast.edge.board.tokens import TokenTable
from standfast.edge.board.world import World
from standfast.edge.prepared.answer import Answer, Headers, header

#: Seconds after which a feeder that has not looked stands still, and the database is asked again.
#: It looks several times a second; asking too early would load a busy machine the more.
DOUBT_AFTER: Final = 2.0
_HEALTH: Final = re.compile(rb"/api/v1/health")
_WITH_HEADER: Final = re.compile(rb"/api/statuspage/([A-Za-z0-9_-]+)/api/v2/([a-z/]+\.json)")
_WITH_ADDRESS: Final = re.compile(rb"/api/statuspage/token/([^/?]+)/api/v2/([a-z/]+\.json)")
_BEGINNING: Final = b"/api/"
#: Counts a request of this token now; returns None, or for how many seconds it has to wait.
Admit: TypeAlias = Callable[[int, float], float | None]
#: Writes the refusal: seconds to wait, and the client's Accept-Language.
Refuse: TypeAlias = Callable[[float, bytes], Answer]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the document, of which tenant (empty for the token's own), and how."""

    document: str
    slug: bytes = b""
    bare: bool = False
    language: bytes = b""


class Board:
    """What this process knows; everything but `tokens` is used on the event loop alone.

    `base` begins addresses of pages; `used` collects the tokens that asked, for whoever notes it.
    """

    def __init__(
        self,
        *,
        base: str,
        secret: str,
        admit: Admit,
        refuse: Refuse,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.tokens = TokenTable()
        self.marks = statuspage.Marks(secret)
        self.used: set[int] = set()
        self._base = base
        self._admit = admit
        self._refuse = refuse
        self._clock = clock
        self._world: World | None = None
        self._day = (0.0, 0.0)
        self._looked = float("-inf")
        self._kept = {document: Kept() for document in ("health", *statuspage.NAMES)}

    def look(self, world: World | None = None, *, now: float) -> None:
        """The feeder has looked at this monotonic time; `world` when something changed."""
        self._looked = now
        if world is not None:
            self._world = world
            begins = (world.store.today.toordinal() - _EPOCH) * 86_400.0
            self._day = (begins, begins + 86_400.0)
            for kept in self._kept.values():
                kept.clear()

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        """The answer to a tenant's program; None when the application has to answer."""
        if not target.startswith(_BEGINNING):
            return None
        question, token = _question(method, target, headers)
        if question is None:
            return None
        answer = self._answer(question, token, header(headers, b"if-none-match"))
        if answer is None or question.slug:
            # Words with a tenant's own name in them are never heard again from another.
            return answer
        return replace(answer, again=partial(self._answer, question))

    def _answer(self, question: Question, token: bytes, tags: bytes) -> Answer | None:
        now = self._clock()
        world = self._current_world(now)
        bearer = self.tokens.bearer(token, now=now)
        if world is None or bearer is None:
            return None
        tenant, kept = bearer.tenant, self._kept[question.document]
        head, body = kept.heads.get(tenant), b""
        if question.slug and not world.is_named(tenant, question.slug):
            return None
        if head is None:
            pieces = self._pieces(world, tenant, question)
            if not pieces:
                return None
            body = b"".join(pieces)
            head = kept.put(tenant, body)
        wait = self._admit(bearer.token, now)
        if wait is not None:
            return self._refuse(wait, question.language)
        self.used.add(bearer.token)
        answer = without_body(head, tags, bare=question.bare)
        if answer is not None:
            return answer
        body = body or kept.body(tenant) or kept.keep(tenant, self._pieces(world, tenant, question))
        return Answer(200, head, body)

    def _current_world(self, now: float) -> World | None:
        """The world, unless the feeder stands still or another day has begun."""
        begins, ends = self._day
        if begins <= now < ends and time.monotonic() - self._looked <= DOUBT_AFTER:
            return self._world
        return None

    def _pieces(self, world: World, number: int, question: Question) -> Sequence[bytes]:
        """The document in pieces; none when the application has to answer."""
        tenant = world.tenants.get(number)
        if tenant is None or number >= len(world.rows) or number in world.unsure:
            return ()
        if question.document == "health":
            return world.dashboard_of(tenant)
        document, base = question.document, self._base
        return [statuspage.document(world, tenant, document, base=base, marks=self.marks)]


_EPOCH: Final = 719_163  # the ordinal of 1970-01-01


def _question(method: bytes, target: bytes, headers: Headers) -> tuple[Question | None, bytes]:
    """What is asked and by which token; None for what the board does not know."""
    bare, language = method == b"HEAD", header(headers, b"accept-language")
    if _HEALTH.fullmatch(target):
        return Question("health", b"", bare, language), _bearer(headers)
    if found := _WITH_ADDRESS.fullmatch(target):
        slug, token = b"", found[1]
    elif found := _WITH_HEADER.fullmatch(target):
        slug, token = found[1], _bearer(headers)
    else:
        return None, b""
    document = found[2].decode()
    known = document in statuspage.NAMES
    return (Question(document, slug, bare, language) if known else None), token


def _bearer(headers: Headers) -> bytes:
    kind, _, token = header(headers, b"authorization").partition(b" ")
    return token if kind.lower() == b"bearer" else b""
