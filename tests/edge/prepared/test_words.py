from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.edge.prepared import words as words_module
from standfast.edge.prepared.answer import Answer, Headers, header, lines
from standfast.edge.prepared.table import LONGEST_REMEMBERED
from standfast.edge.prepared.words import Words
from tests.edge.prepared.serving import Site, run, site
from tests.edge.prepared.test_protocol import get


def tell(token: bytes, tags: bytes) -> Answer | None:
    """Who asks is told its own token, or that it knows it already."""
    if not token.startswith(b"sft_") or b"nobody" in token:
        return None
    tag = b'"%b"' % token
    if tag in tags:
        return Answer(304, lines([(b"etag", tag)]))
    return Answer(200, lines([(b"etag", tag), (b"content-length", b"%d" % len(token))]), token)


class Desk:
    """Finds by header or by address, as the board does."""

    def __init__(self) -> None:
        self.asked = 0

    def find(self, method: bytes, target: bytes, headers: Headers) -> Answer | None:
        self.asked += 1
        _, _, rest = target.partition(b"/token/")
        token = rest.partition(b"/")[0] or header(headers, b"authorization")[7:]
        answer = tell(token, header(headers, b"if-none-match"))
        if answer is not None and method == b"HEAD":
            return Answer(answer.status, answer.head)
        return answer and replace(answer, again=tell)


def desk(*, fast: bool) -> AbstractAsyncContextManager[Site]:
    found = Desk()
    return site(fast=fast, find=found.find, words=Words(b"sft_") if fast else None, keep_alive=0.3)


def bearer(token: str, *more: str, name: str = "Authorization") -> bytes:
    return get("/mine", f"{name}: Bearer {token}", *more)


KNOWN = 'if-none-match: "sft_a_1"'
STORIES: dict[str, list[bytes]] = {
    "two in the same words": [bearer("sft_a_1"), bearer("sft_b_22"), bearer("sft_a_1")],
    "names in lower case": [bearer(each, name="authorization") for each in ("sft_a_1", "sft_b_2")],
    "in the address": [get("/token/sft_a_1/x"), get("/token/sft_b_22/x")],
    "known": [bearer("sft_a_1", KNOWN), bearer("sft_b_1", KNOWN), bearer("sft_a_1")],
    "known, the tag first": [
        get("/mine", KNOWN.replace("a_1", tag), f"Authorization: Bearer {token}")
        for tag, token in (("a_1", "sft_a_1"), ("b_1", "sft_a_1"), ("b_1", "sft_b_1"))
    ],
    "several tags": [
        bearer(token, 'If-None-Match: "x", "sft_b_1"') for token in ("sft_a_1", "sft_b_1")
    ],
    "no space before the tag": [
        bearer(token, 'If-None-Match:"sft_b_1"') for token in ("sft_a_1", "sft_b_1", "sft_b_1")
    ],
    "two lines of tags": [
        bearer(token, 'If-None-Match: "x"', 'If-None-Match: "sft_b_1"')
        for token in ("sft_a_1", "sft_b_1", "sft_b_1")
    ],
    "another condition": [
        bearer(token, 'If-Match: "sft_b_1"', 'If-None-Match: "sft_b_1"')
        for token in ("sft_a_1", "sft_b_1", "sft_b_1")
    ],
    "another token in another header": [
        get("/mine", f"x-of: {other}", f"authorization: Bearer {token}")
        for other, token in (("sft_a_1", "sft_b_1"), ("sft_c_1", "sft_b_1"), ("sft_b_1", "sft_c_1"))
    ],
    "a token where the other one's place is empty": [
        get("/mine", "x-of: ", "authorization: Bearer sft_a_1"),
        get("/mine", "x-of: sft_a_1", "authorization: Bearer "),
    ],
    "one after the other at once": [bearer("sft_a_1") + bearer("sft_b_1"), bearer("sft_c_1")],
    "in pieces": [bearer("sft_a_1"), bearer("sft_b_1")[:30], bearer("sft_b_1")[30:]],
    "the end of the line is missing": [bearer("sft_a_1"), b"GET /mine HTTP/1.1\r\nsft_"],
    "nobody": [bearer("sft_a_1"), bearer("sft_nobody"), bearer("sft_b_1")],
    "head": [get("/mine", "authorization: Bearer sft_a_1", method="HEAD"), bearer("sft_a_1")],
}
CLOSING = {
    "close": [bearer("sft_a_1"), bearer("sft_a_1", "connection: close")],
    "a zero byte": [bearer("sft_a_1"), bearer("\0"), bearer("sft_a_1")],
}


@pytest.mark.parametrize("story", [*STORIES, *CLOSING])
def test_words_change_nothing_but_who_parses(story: str) -> None:
    async def both() -> None:
        chunks = STORIES.get(story) or CLOSING[story]
        async with desk(fast=True) as fast, desk(fast=False) as plain:
            found = await fast.say(*chunks, end=story in STORIES)
            assert found == await plain.say(*chunks, end=story in STORIES)
            assert b"HTTP/1.1 200" in found

    run(both)


def test_only_the_first_in_its_words_is_parsed() -> None:
    asked = Desk()
    words = Words(b"sft_")

    async def story() -> None:
        async with site(find=asked.find, words=words) as here:
            found = await here.say(*[bearer(f"sft_{each}_x") for each in range(9)])
            assert all(b"sft_%d_x" % each in found for each in range(9))
            assert asked.asked == 1
            assert len(words) == 1

    run(story)


def test_nonsense_behind_a_token_is_still_refused() -> None:
    async def story() -> None:
        async with desk(fast=True) as here:
            more = bearer("sft_b_1\r\n\r\nNONSENSE")
            found = await here.say(bearer("sft_a_1"), more, end=False)
            assert found.index(b"sft_b_1") < found.index(b"HTTP/1.1 400")

    run(story)


def test_an_answer_that_is_not_there_any_more_is_looked_for_anew() -> None:
    words = Words(b"sft_")
    words.learn(bearer("sft_a_1"), tell, True, [])
    assert len(words) == 1
    assert words.answer(bearer("sft_b_1")) is not None
    assert words.answer(bearer("sft_nobody")) is None


def test_no_more_words_are_remembered_than_may_be() -> None:
    words = Words(b"sft_")
    for each in range(words_module.MOST_WORDS + 5):
        words.learn(bearer("sft_a_1", f"x-n: {each}"), tell, True, [])
        assert 0 < len(words) <= words_module.MOST_WORDS
    words.learn(bearer("sft_a_1", "x-long: " + "n" * LONGEST_REMEMBERED), tell, True, [])
    assert words.answer(bearer("sft_a_1", "x-long: " + "n" * LONGEST_REMEMBERED)) is None


_PIECES = st.sampled_from(
    [b"sft_", b"a_1", b"\r\n", b"authorization: Bearer ", b"If-None-Match: ", b'"x"', b"/", b" "]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=12).map(b"".join), st.lists(_PIECES, max_size=12).map(b"".join))
def test_requests_with_the_same_words_differ_in_token_and_tag_alone(one: bytes, two: bytes) -> None:
    words = Words(b"sft_")
    (left, *mine), (right, *others) = words._cut(b"GET " + one), words._cut(b"GET " + two)
    if left == right and mine == others:
        assert one == two
