from __future__ import annotations

import gzip
from datetime import UTC, datetime

import brotli

from standfast.edge.prepared.answer import parsed
from standfast.edge.prepared.content import prepare
from standfast.edge.prepared.table import LONGEST_REMEMBERED, MOST_REMEMBERED, Table

BODY = b'{"status": "fine"}' * 100


def headers_of(answer: object) -> dict[bytes, bytes]:
    return dict(parsed(answer.head))  # type: ignore[attr-defined]


def test_each_coding_has_its_own_bytes_length_and_strong_tag() -> None:
    prepared = prepare(BODY, content_type="application/json")
    plain = prepared.answer(b"GET", [])
    br = prepared.answer(b"GET", [(b"accept-encoding", b"br")])
    zipped = prepared.answer(b"GET", [(b"accept-encoding", b"gzip")])
    assert plain.body == brotli.decompress(br.body) == gzip.decompress(zipped.body) == BODY
    tags = {headers_of(answer)[b"etag"] for answer in (plain, br, zipped)}
    assert len(tags) == 3
    assert not any(tag.startswith(b"W/") for tag in tags)
    for answer in (plain, br, zipped):
        assert int(headers_of(answer)[b"content-length"]) == len(answer.body)
        assert headers_of(answer)[b"vary"] == b"accept-encoding"


def test_what_the_client_has_is_not_sent_again() -> None:
    prepared = prepare(BODY, content_type="application/json")
    accepts = (b"accept-encoding", b"br")
    tag = headers_of(prepared.answer(b"GET", [accepts]))[b"etag"]
    known = prepared.answer(b"GET", [accepts, (b"if-none-match", tag)])
    assert (known.status, known.body) == (304, b"")
    assert headers_of(known)[b"etag"] == tag
    assert b"content-length" not in headers_of(known)
    # The tag of one coding says nothing about the bytes of another.
    assert prepared.answer(b"GET", [(b"if-none-match", tag)]).status == 200


def test_a_tag_outranks_a_date() -> None:
    modified = datetime(2026, 11, 25, 12, tzinfo=UTC)
    prepared = prepare(BODY, content_type="text/html", modified=modified)
    since = (b"if-modified-since", b"Wed, 25 Nov 2026 12:00:00 GMT")
    assert prepared.answer(b"GET", [since]).status == 304
    assert prepared.answer(b"GET", [since, (b"if-none-match", b'"other"')]).status == 200
    assert headers_of(prepared.answer(b"GET", []))[b"last-modified"] == since[1]


def test_ready_compressed_forms_are_taken_unless_they_are_longer() -> None:
    prepared = prepare(b"x", content_type="text/plain", compressed={"br": b"longer than x"})
    assert list(prepared.forms) == [b"identity"]
    taken = prepare(BODY, content_type="text/plain", compressed={"br": b"ready"})
    assert taken.answer(b"GET", [(b"accept-encoding", b"br")]).body == b"ready"


def test_head_tells_everything_but_the_body() -> None:
    prepared = prepare(BODY, content_type="application/json", cors=True)
    full, bare = prepared.answer(b"GET", []), prepared.answer(b"HEAD", [])
    assert (bare.head, bare.body) == (full.head, b"")
    assert headers_of(bare)[b"access-control-allow-origin"] == b"*"


def test_a_change_shows_in_the_next_answer_and_forgets_remembered_requests() -> None:
    table = Table({"/a": prepare(b"one", content_type="text/plain")})
    answer = table.find(b"GET", b"/a?x=1", [])
    assert answer
    assert answer.body == b"one"
    table.shelf.remember(b"GET /a", answer, keep=True)
    table.change({"/a": prepare(b"two", content_type="text/plain")})
    assert table.shelf.whole == {}
    again = table.find(b"GET", b"/a", [])
    assert again
    assert again.body == b"two"
    table.change({}, drop=frozenset({"/a"}))
    assert table.find(b"GET", b"/a", []) is None
    assert table.find(b"POST", b"/a", []) is None


def test_remembered_requests_are_few_and_short() -> None:
    table = Table({"/a": prepare(b"one", content_type="text/plain")})
    answer = table.find(b"GET", b"/a", [])
    assert answer
    for number in range(3 * MOST_REMEMBERED):
        table.shelf.remember(b"%d" % number, answer, keep=True)
    table.shelf.remember(b"x" * (LONGEST_REMEMBERED + 1), answer, keep=True)
    assert len(table.shelf.whole) <= MOST_REMEMBERED
    assert max(map(len, table.shelf.whole)) <= LONGEST_REMEMBERED
