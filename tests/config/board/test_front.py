"""The whole front beside a database that others write to: a change is in every answer at once."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from standfast.apps.tenancy.allowance import TOKEN_LIMIT, TOKENS
from standfast.apps.tenancy.models import ApiToken
from standfast.apps.tenancy.services.tokens import revoke_token
from standfast.config.asgi import Front
from standfast.edge.board import board as board_module
from standfast.edge.prepared.answer import Answer, Headers, parsed
from tests.factories import SYSTEM, make_token
from tests.factories_incidents import World, make_world, on
from tests.web.portal.readers import close, open_issue

pytestmark = pytest.mark.django_db(transaction=True)
HEALTH = b"/api/v1/health"
SUMMARY = b"/status/northlight/api/v2/summary.json"
PAGE = b"/status/northlight/"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stands still for some seconds is in doubt, and rightly so."""
    monkeypatch.setattr(board_module, "DOUBT_AFTER", 60.0)


class Visit:
    """A running front, asked as its protocol asks it."""

    def __init__(self, front: Front, token: str) -> None:
        self.front = front
        self.token = token
        self._looked = asyncio.Event()
        look = front.board.look

        def noticed(*args: Any, **kwargs: Any) -> None:
            look(*args, **kwargs)
            self._looked.set()

        front.board.look = noticed  # type: ignore[method-assign]

    def ask(self, target: bytes = HEALTH, token: str = "", headers: Headers = ()) -> Answer | None:
        bearer = (b"authorization", f"Bearer {token or self.token}".encode())
        found = self.front.table.find(b"GET", target, [])
        return found or self.front.find(b"GET", target, [bearer, *headers])

    async def until(self, met: Callable[[], object]) -> float:
        """Wait until it is so, and say for how long: looked at whenever the feeder has looked."""
        began = time.monotonic()
        async with asyncio.timeout(60):
            while not met():
                self._looked.clear()
                await self._looked.wait()
        return time.monotonic() - began


@asynccontextmanager
async def running(token: str) -> AsyncIterator[Visit]:
    front = Front()
    visit = Visit(front, token)
    front._feeder.start()
    try:
        yield visit
    finally:
        await front._feeder.stop()


def tell(story: Callable[[Visit], Awaitable[None]], token: str) -> None:
    async def told() -> None:
        async with running(token) as visit:
            await visit.until(lambda: visit.ask() and visit.ask(SUMMARY))
            await story(visit)

    asyncio.run(told())


@pytest.fixture
def world() -> World:
    return make_world()


def in_thread(work: Callable[[], Any]) -> Awaitable[Any]:
    def done() -> Any:
        from django.db import connection

        try:
            return work()
        finally:
            connection.close()

    return asyncio.to_thread(done)


def shows(answer: Answer | None, text: str) -> bool:
    return answer is not None and text.encode() in answer.body


def test_a_change_is_in_every_answer_and_the_end_of_it_too(world: World) -> None:
    token = make_token(world.alice, "health.read")

    async def story(visit: Visit) -> None:
        visit.ask(PAGE)  # the first visitor's wish; the next ones are answered from here
        await visit.until(lambda: visit.ask(PAGE))
        issue = await in_thread(
            lambda: open_issue(world, on(world.region), ago=timedelta(minutes=5), is_public=True)
        )
        name = issue.reference
        statuspage = f"/api/statuspage/token/{token}/api/v2/summary.json".encode()
        everywhere = (HEALTH, statuspage, SUMMARY, PAGE)
        await visit.until(lambda: all(shows(visit.ask(target), name) for target in everywhere))
        await in_thread(lambda: close(issue, ago=timedelta(minutes=1)))
        calm = b'"open_count": 0'
        await visit.until(lambda: shows(visit.ask(), calm.decode()))
        await visit.until(lambda: not shows(visit.ask(SUMMARY), name))

    tell(story, token)


def test_a_revoked_token_is_the_application_s_affair_at_once_and_a_new_one_works(
    world: World,
) -> None:
    token = make_token(world.alice, "health.read")
    stored = ApiToken.objects.get()

    async def story(visit: Visit) -> None:
        await in_thread(lambda: revoke_token(token=stored, by=SYSTEM, now=timezone.now()))
        await visit.until(lambda: visit.ask() is None)
        new = await in_thread(lambda: make_token(world.bob, "health.read"))
        await visit.until(lambda: visit.ask(token=new))
        narrow = await in_thread(lambda: make_token(world.bob, "ServiceHealth.Read.All"))
        await visit.until(lambda: True)
        assert visit.ask(token=narrow) is None

    tell(story, token)


def test_a_token_of_a_person_is_the_application_s_affair(world: World) -> None:
    from tests.factories import make_member

    token = make_token(world.alice, "health.read")
    person = make_member(world.alice, "admin")
    personal = make_token(world.alice, "health.read", user=person)

    async def story(visit: Visit) -> None:
        assert visit.ask() is not None
        assert visit.ask(token=personal) is None

    tell(story, token)


def test_a_renamed_service_shows_soon(world: World) -> None:
    token = make_token(world.alice, "health.read")

    async def story(visit: Visit) -> None:
        def rename() -> None:
            world.service.name = {"en": "Letters"}
            world.service.save()

        await in_thread(rename)
        await visit.until(lambda: shows(visit.ask(), "Letters"))
        await visit.until(lambda: shows(visit.ask(SUMMARY), "Letters"))

    tell(story, token)


def test_a_feeder_that_stands_still_puts_everything_of_tenants_in_doubt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = make_token(world.alice, "health.read")

    async def story(visit: Visit) -> None:
        monkeypatch.setattr(board_module, "DOUBT_AFTER", -1.0)
        assert visit.ask() is None
        assert visit.ask(SUMMARY) is not None  # what is public may be a little old

    tell(story, token)


@pytest.fixture
def _one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """All requests count at one moment: as time goes by, more would be allowed."""
    take = TOKENS.take

    def now(*args: Any, **how: Any) -> float | None:
        return take(*args, **how | {"now": 1_000_050.0})

    monkeypatch.setattr(TOKENS, "take", now)


@pytest.mark.usefixtures("_one_moment")
@pytest.mark.parametrize(("language", "words"), [("en", "Too many"), ("zh-Hant", "\\u904e\\u591a")])
def test_too_many_requests_are_refused_in_the_words_of_the_application(
    world: World, language: str, words: str
) -> None:
    token = make_token(world.alice, "health.read")

    def ask(visit: Visit) -> Answer | None:
        return visit.ask(headers=[(b"accept-language", language.encode())])

    async def story(visit: Visit) -> None:
        from django.test import Client

        found = [answer for _ in range(2 * TOKEN_LIMIT) if (answer := ask(visit))]
        answered = sum(each.status == 200 for each in found)
        assert TOKEN_LIMIT - 20 <= answered <= TOKEN_LIMIT
        refused = found[-1]
        headers = {"authorization": f"Bearer {token}", "accept-language": language}
        told = await in_thread(lambda: Client().get(HEALTH.decode(), headers=headers))
        assert (refused.status, refused.body) == (told.status_code, told.content)
        assert words in told.content.decode()
        mine = dict(parsed(refused.head))
        assert mine[b"content-type"] == told["Content-Type"].encode()
        assert int(mine[b"retry-after"]) == int(told["Retry-After"]) > 0
        assert mine[b"content-length"] == b"%d" % len(told.content)

    tell(story, token)


@pytest.mark.usefixtures("_one_moment")
def test_whoever_asks_in_the_same_words_is_told_what_is_so_now_until_the_token_ends(
    world: World,
) -> None:
    token = make_token(world.alice, "health.read")
    stored = ApiToken.objects.get()
    other = make_token(world.bob, "health.read")

    async def story(visit: Visit) -> None:
        answer = visit.ask()
        assert answer is not None
        assert answer.again is not None

        def again(secret: str = token, tags: bytes = b"") -> Answer | None:
            assert answer.again is not None
            return answer.again(secret.encode(), tags)

        calm = again()
        assert calm is not None
        assert calm.body == answer.body
        tag = dict(parsed(calm.head))[b"etag"]
        known = again(tags=tag)
        assert known is not None
        assert (known.status, known.body) == (304, b"")
        assert not shows(again(other), 'affected_users": 214')
        issue = await in_thread(
            lambda: open_issue(world, on(world.first), ago=timedelta(minutes=5))
        )
        await visit.until(lambda: shows(again(tags=tag), issue.reference))
        assert shows(again(), '"affected_users": 214')
        assert shows(again(other), '"affected_users": 30')
        most = sum(shows(again(), issue.reference) for _ in range(2 * TOKEN_LIMIT))
        assert most <= TOKEN_LIMIT
        TOKENS.forget()
        assert shows(again(), issue.reference)
        await in_thread(lambda: revoke_token(token=stored, by=SYSTEM, now=timezone.now()))
        await visit.until(lambda: again() is None)
        assert again(other) is not None

    tell(story, token)


def test_the_use_of_a_token_is_noted(world: World) -> None:
    token = make_token(world.alice, "health.read")
    key = ApiToken.objects.get().pk

    async def story(visit: Visit) -> None:
        visit.ask()
        async with asyncio.timeout(60):
            while not await in_thread(
                lambda: ApiToken.objects.get(pk=key).last_used_at is not None
            ):
                visit.ask()
                await visit.until(lambda: True)

    tell(story, token)


def test_the_answer_says_what_the_application_says(world: World) -> None:
    open_issue(world, on(world.first), ago=timedelta(minutes=5))
    token = make_token(world.alice, "health.read")

    async def story(visit: Visit) -> None:
        from django.test import Client

        headers = {"authorization": f"Bearer {token}"}
        told = await in_thread(lambda: Client().get(HEALTH.decode(), headers=headers))
        mine = visit.ask()
        assert mine is not None
        assert mine.body == told.content
        assert f"etag: {told['ETag']}".encode() in mine.head
        assert json.loads(mine.body)["affected_users"] == 214

    tell(story, token)
