"""The server of the backup site: the newest good bundle and nothing else, with its age."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest

from standfast.bundle.emergency.post import Post
from standfast.bundle.emergency.posting import look_at, post_to
from standfast.bundle.keys import public_text
from standfast.bundle.manifest import MANIFEST
from standfast.bundle.store import Store
from standfast.bundle.writing import prepare, write_site
from standfast.edge.backup import loading, places
from standfast.edge.backup.application import make_application
from standfast.edge.backup.following import Follower
from standfast.edge.prepared.table import Table
from tests.bundle.sites import EMERGENCY_KEY, FILES, KEY, NOW, OTHER_KEY, draft, prepared, written

PUBLIC = public_text(KEY)
TENANT = "t/" + "a" * 32 + "/"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Edge:
    """A server over a folder, asked without a network."""

    def __init__(self, folder: Path, *, trusted: str | None = PUBLIC) -> None:
        self.table = Table()
        self.now: datetime = NOW
        self.follower = Follower(
            Store(str(folder), make=True),
            self.table,
            trusted=frozenset({trusted}) if trusted else None,
            clock=lambda: self.now,
            every=60,
        )
        self.follower.look()
        self._application = make_application(self.follower, self.table)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
            ],
        }
        asyncio.run(self._application(scope, receive, send))
        start, body = sent
        found = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], found, body["body"])

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.get("/healthz").body)
        return found


def newer(minutes: int = 1, text: bytes = b"<p>news</p>") -> Any:
    made = NOW + timedelta(minutes=minutes)
    return prepared(draft(made=made, sequence=1 + minutes), {"index.html": text})


def test_pages_are_answered_with_validators_compression_and_age(tmp_path: Path) -> None:
    written(tmp_path)
    edge = Edge(tmp_path)
    plain = edge.get("/")
    assert (plain.status, plain.body) == (200, FILES["index.html"])
    assert plain.headers["x-content-type-options"] == "nosniff"
    assert plain.headers["x-stale-after"] == "2026-11-23T18:15:00.000Z"
    packed = edge.get("/index.html", accept_encoding="gzip, br")
    assert packed.headers["content-encoding"] == "br"
    assert brotli.decompress(packed.body) == FILES["index.html"]
    known = edge.get("/", if_none_match=plain.headers["etag"])
    assert (known.status, known.body) == (304, b"")
    assert edge.get("/", "HEAD").body == b""


def test_programs_of_other_pages_may_read_the_documents(tmp_path: Path) -> None:
    written(tmp_path)
    edge = Edge(tmp_path)
    answer = edge.get("/api/v2/summary.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in edge.get("/").headers


def test_whoever_checks_or_copies_the_site_gets_every_byte_that_was_signed(tmp_path: Path) -> None:
    written(tmp_path)
    edge, store = Edge(tmp_path), Store(str(tmp_path))
    assert edge.follower.state.site is not None
    manifest = edge.follower.state.site.signed.manifest
    wanted = [MANIFEST, manifest.pack_path, *manifest.files]
    assert any(path.endswith(".br") for path in wanted)
    answers = {path: edge.get(f"/{path}") for path in wanted}
    assert {path: answer.body for path, answer in answers.items()} == store.get_all(wanted)
    assert answers[MANIFEST].headers["cache-control"] == "no-cache"
    assert "immutable" in answers[manifest.pack_path].headers["cache-control"]


def test_folders_without_a_slash_lead_to_those_with_one(tmp_path: Path) -> None:
    written(tmp_path)
    edge = Edge(tmp_path)
    answer = edge.get("/zh-hant")
    assert (answer.status, answer.headers["location"]) == (308, "/zh-hant/")
    assert edge.get("/zh-hant/").status == 200


def test_what_is_not_there_and_what_is_not_allowed(tmp_path: Path) -> None:
    written(tmp_path)
    edge = Edge(tmp_path)
    assert edge.get("/nothing").status == 404
    assert edge.get("/../etc/passwd").status == 404
    assert edge.get("/", "POST").status == 405


def test_a_new_bundle_is_served_as_soon_as_it_is_seen(tmp_path: Path) -> None:
    store = written(tmp_path)
    edge = Edge(tmp_path)
    assert not edge.follower.look()
    write_site(store, newer())
    assert edge.follower.look()
    assert edge.get("/").body == b"<p>news</p>"
    assert edge.get("/zh-hant/").status == 404


def test_a_tampered_bundle_is_reported_and_the_good_one_stays(tmp_path: Path) -> None:
    store = written(tmp_path)
    edge = Edge(tmp_path)
    (tmp_path / MANIFEST).write_bytes(newer().envelope.replace(b"Example Cloud", b"Example Fraud"))
    assert not edge.follower.look()
    assert edge.get("/").body == FILES["index.html"]
    health = edge.health()
    assert health["status"] == "trouble"
    assert "changed after it was signed" in str(health["problem"])
    write_site(store, newer(2))
    assert edge.follower.look()
    assert edge.health()["status"] == "ok"


def test_a_bundle_whose_pack_was_changed_is_not_served(tmp_path: Path) -> None:
    store = written(tmp_path)
    edge = Edge(tmp_path)
    write_site(store, newer())
    newest = tmp_path / newer().manifest.pack_path
    newest.write_bytes(newest.read_bytes().replace(b"PK", b"KP"))
    assert not edge.follower.look()
    assert edge.get("/").body == FILES["index.html"]


def test_whoever_asks_by_date_alone_sees_an_emergency_post(tmp_path: Path) -> None:
    store = written(tmp_path, draft(emergency_keys=(public_text(EMERGENCY_KEY),)))
    edge = Edge(tmp_path)
    since = edge.get("/").headers["last-modified"]
    assert edge.get("/", if_modified_since=since).status == 304
    post = Post(
        key="E1-first",
        thread="E1-first",
        action="post",
        site=PUBLIC,
        prefix="",
        at=NOW + timedelta(minutes=5),
        title=(("en", "Power is out"),),
        body=(("en", "We are on it."),),
    )
    place = look_at(store, key=EMERGENCY_KEY, prefix="", trusted=None, now=post.at)
    post_to(place, post, key=EMERGENCY_KEY)
    assert edge.follower.look()
    answer = edge.get("/", if_modified_since=since)
    assert (answer.status, b"Power is out" in answer.body) == (200, True)
    assert edge.get("/", if_none_match=answer.headers["etag"]).status == 304
    assert answer.headers["x-generated-at"] == "2026-11-23T18:00:00.000Z"


def test_a_strangers_bundle_is_not_served(tmp_path: Path) -> None:
    written(tmp_path)
    edge = Edge(tmp_path, trusted=public_text(OTHER_KEY))
    assert edge.get("/").status == 503
    assert edge.get("/healthz").status == 503
    assert "not the key that is trusted" in str(edge.health()["problem"])


def test_an_older_bundle_that_is_put_back_is_not_served(tmp_path: Path) -> None:
    store = written(tmp_path)
    edge = Edge(tmp_path)
    write_site(store, newer(5))
    edge.follower.look()
    write_site(store, prepared())
    assert not edge.follower.look()
    assert edge.get("/").body == b"<p>news</p>"
    assert "older one" in str(edge.health()["problem"])


def test_without_a_key_the_first_one_counts_and_no_other_later(tmp_path: Path) -> None:
    written(tmp_path)
    edge = Edge(tmp_path, trusted=None)
    assert edge.follower.trusted == frozenset({PUBLIC})
    made = draft(made=NOW + timedelta(minutes=1), sequence=2)
    write_site(edge.follower.store, prepare(made, {"index.html": b"fraud"}, key=OTHER_KEY))
    assert not edge.follower.look()
    assert edge.get("/").body == FILES["index.html"]


def test_a_server_that_starts_before_the_first_bundle_waits_for_it(tmp_path: Path) -> None:
    edge = Edge(tmp_path)
    assert edge.get("/").status == 503
    written(tmp_path)
    edge.follower.look()
    assert edge.get("/").status == 200


def test_health_says_how_old_it_is_and_when_a_clock_is_wrong(tmp_path: Path) -> None:
    written(tmp_path)
    edge = Edge(tmp_path)
    edge.now = NOW + timedelta(minutes=20)
    assert (edge.health()["status"], edge.health()["age_seconds"]) == ("stale", 1200)
    assert edge.get("/").status == 200
    edge.now = NOW - timedelta(minutes=20)
    assert edge.health()["status"] == "clock skew"
    assert "20 min in the future" in str(edge.health()["problem"])


def test_a_tenants_pages_are_read_when_asked_for_and_not_kept_by_caches(tmp_path: Path) -> None:
    store = written(tmp_path)
    edge = Edge(tmp_path)
    assert edge.get(f"/{TENANT}").status == 404
    write_site(store, prepared(draft(prefix=TENANT), {"index.html": b"yours"}))
    other = Edge(tmp_path)
    answer = other.get(f"/{TENANT}")
    assert (answer.status, answer.body) == (200, b"yours")
    assert answer.headers["cache-control"].startswith("private")
    assert other.get("/t/short/").status == 404


def test_a_tenants_pages_signed_by_a_stranger_are_not_served(tmp_path: Path) -> None:
    store = written(tmp_path)
    write_site(store, prepare(draft(prefix=TENANT), {"index.html": b"fraud"}, key=OTHER_KEY))
    answer = Edge(tmp_path).get(f"/{TENANT}")
    assert (answer.status, b"fraud" in answer.body) == (503, False)


@pytest.mark.parametrize("wrong", ["older", "stranger", "damaged"])
def test_a_tenants_good_pages_stay_when_worse_ones_lie_there(
    tmp_path: Path, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "KEPT_SECONDS", 0)
    store = written(tmp_path)
    edge = Edge(tmp_path)
    write_site(store, prepared(draft(prefix=TENANT, sequence=5), {"index.html": b"good"}))
    assert edge.get(f"/{TENANT}").body == b"good"
    worse = draft(prefix=TENANT, sequence=4 if wrong == "older" else 6)
    key = OTHER_KEY if wrong == "stranger" else KEY
    write_site(store, prepare(worse, {"index.html": b"worse"}, key=key))
    if wrong == "damaged":
        store.put(TENANT + MANIFEST, b"{}")
    assert edge.get(f"/{TENANT}").body == b"good"
    write_site(store, prepared(draft(prefix=TENANT, sequence=7), {"index.html": b"newest"}))
    assert edge.get(f"/{TENANT}").body == b"newest"


def test_tenants_pages_are_kept_for_a_moment_and_not_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = written(tmp_path)
    read: list[str] = []
    edge = Edge(tmp_path)

    def get(path: str) -> bytes:
        read.append(path)
        return store.get(path)

    monkeypatch.setattr(edge.follower.store, "get", get)
    prefixes = [f"t/{letter * 32}/" for letter in "abc"]
    for prefix in prefixes:
        write_site(store, prepared(draft(prefix=prefix), {"index.html": b"yours"}))
    for _ in range(3):
        edge.get(f"/{prefixes[0]}")
    assert len(read) == 1
    monkeypatch.setattr(places, "MOST_PLACES", 1)
    for prefix in (*prefixes[1:], prefixes[0]):
        assert edge.get(f"/{prefix}").body == b"yours"
    assert len(read) == 4


def test_pages_that_were_asked_for_are_dropped_when_they_grow_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "KEPT_BYTES", 5_000)
    pages = {f"issues/EX{number}/index.html": b"%d" % number * 2_000 for number in range(9)}
    write_site(Store(str(tmp_path), make=True), prepared(draft(), {**FILES, **pages}))
    edge = Edge(tmp_path)
    for _ in range(2):
        assert {path: edge.get(f"/{path}").body for path in pages} == pages
    assert edge.follower.state.site is not None
    assert 1 <= len(edge.follower.state.site._kept) <= 3
