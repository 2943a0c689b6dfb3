"""What is written can be read again, whole; what was changed since is found."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.bundle.checking import Report, check_places, check_site
from standfast.bundle.envelope import read_manifest, seal
from standfast.bundle.errors import BadBundle, StoreError
from standfast.bundle.keys import public_text
from standfast.bundle.manifest import MANIFEST, Manifest
from standfast.bundle.packing import entry_of, pack, unpack, with_variants
from standfast.bundle.store import Store
from standfast.bundle.writing import prepare, remove_site, write_site
from tests.bundle.sites import (
    EMERGENCY_KEY,
    FILES,
    KEY,
    NOW,
    OTHER_KEY,
    draft,
    prepared,
    written,
)

PUBLIC = public_text(KEY)


def look(store: Store, *, later: timedelta = timedelta(), key: str | None = PUBLIC) -> Report:
    return check_site(store, trusted={key} if key else None, now=NOW + later)


def failures(report: Report) -> list[tuple[str, str]]:
    return [(each.kind, each.said) for each in report.findings if each.level == "fail"]


def test_a_written_site_is_whole_genuine_and_fresh(tmp_path: Path) -> None:
    report = look(written(tmp_path))
    assert failures(report) == []
    assert {each.level for each in report.findings} == {"ok"}
    assert (tmp_path / "index.html").read_bytes() == FILES["index.html"]


def test_each_file_has_the_same_content_compressed_beside_it(tmp_path: Path) -> None:
    written(tmp_path)
    for path in ("index.html", "zh-hant/index.html"):
        assert brotli.decompress((tmp_path / f"{path}.br").read_bytes()) == FILES[path]
        assert gzip.decompress((tmp_path / f"{path}.gz").read_bytes()) == FILES[path]
    assert not (tmp_path / "history.atom.br").exists()


@pytest.mark.parametrize("path", sorted(with_variants(FILES)))
def test_a_changed_file_is_found(tmp_path: Path, path: str) -> None:
    store = written(tmp_path)
    (tmp_path / path).write_bytes((tmp_path / path).read_bytes() + b" ")
    assert failures(look(store)) == [
        ("tampered", f"{path} is not what was signed: it was changed, or a write was interrupted.")
    ]


def test_a_missing_file_a_missing_pack_and_a_changed_pack_are_found(tmp_path: Path) -> None:
    store = written(tmp_path)
    (tmp_path / "index.html").unlink()
    (file,) = (tmp_path / "_bundle").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert [kind for kind, _ in failures(look(store))] == ["missing", "tampered"]
    file.unlink()
    assert [kind for kind, _ in failures(look(store))] == ["missing", "missing"]


def test_what_nobody_signed_is_named_and_fails_where_servers_send_it_for_a_page(
    tmp_path: Path,
) -> None:
    store = written(tmp_path)
    for place in ("p/other/", "t/abc/"):
        write_site(store, prepared(draft(prefix=place)))
    store.put("emergency/E1-post.json", b"{}")
    assert {each.level for each in look(store).findings} == {"ok"}
    store.put("robots.txt", b"")
    store.put("issues/EX1/index.html", b"fraud")
    report = look(store)
    assert failures(report) == []
    assert [each.said for each in report.findings if each.level == "warn"] == [
        "2 files here are no part of what was signed: issues/EX1/index.html, robots.txt."
    ]
    store.put("history.atom.br", b"fraud")  # it is too short to have one
    store.put("manifest.json.gz", b"fraud")
    assert failures(look(store)) == [
        ("tampered", f"{name} was not signed, and web servers send it in place of {of}.")
        for name, of in (("history.atom.br", "history.atom"), ("manifest.json.gz", MANIFEST))
    ]


def test_a_place_below_the_first_that_lost_its_manifest_is_found(tmp_path: Path) -> None:
    store = written(tmp_path)
    write_site(store, prepared(draft(prefix="t/abc/")))
    (good,) = check_places(store, trusted={PUBLIC}, now=NOW)
    assert good.level == "ok"
    (tmp_path / "t/abc" / MANIFEST).unlink()
    (found,) = check_places(store, trusted={PUBLIC}, now=NOW)
    assert (found.level, found.kind) == ("fail", "missing")
    assert found.said == "tenant's site 1: There is no manifest.json: no bundle was written here."


def test_the_age_is_told_and_a_clock_that_is_wrong_is_named(tmp_path: Path) -> None:
    store = written(tmp_path)
    assert failures(look(store, later=timedelta(minutes=15))) == []
    (stale,) = failures(look(store, later=timedelta(hours=3)))
    assert stale == (
        "stale",
        "It is out of date since 2 h 45 min: made 3 h ago, at 2026-11-23 18:00:00 UTC.",
    )
    (skewed,) = failures(look(store, later=-timedelta(hours=1)))
    assert skewed[0] == "clock skew"
    assert "1 h in the future" in skewed[1]


def test_another_key_is_not_trusted(tmp_path: Path) -> None:
    (wrong,) = failures(look(written(tmp_path), key=public_text(OTHER_KEY)))
    assert wrong[0] == "wrong key"
    assert PUBLIC in wrong[1]


def test_without_a_key_to_compare_the_report_says_how_little_that_means(tmp_path: Path) -> None:
    report = look(written(tmp_path), key=None)
    assert report.is_good
    assert [each.kind for each in report.findings if each.level == "warn"] == ["key not compared"]


def test_a_changed_manifest_does_not_fit_its_signature(tmp_path: Path) -> None:
    store = written(tmp_path)
    envelope = json.loads((tmp_path / MANIFEST).read_text())
    envelope["signed"]["stale_after"] = "2036-11-23T18:00:00.000Z"
    (tmp_path / MANIFEST).write_text(json.dumps(envelope))
    ((kind, said),) = failures(look(store))
    assert (kind, "changed after it was signed" in said) == ("tampered", True)


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: json.dumps(text).encode()))
def test_a_damaged_manifest_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(BadBundle, match=r"^The manifest "):
        read_manifest(content, prefix="", trusted=None)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"signed":{"provider":"\\ud800"},"public_key":"a","signature":"b"}',
        b'{"signed":' + b"9" * 5_000 + b"}",
        b'{"signed":{},"public_key":"\\ud800","signature":"\\ud800"}',
    ],
    ids=["nested", "half a character", "a long number", "half a character as a key"],
)
def test_a_manifest_damaged_on_purpose_is_refused_in_words_and_written_over(
    tmp_path: Path, content: bytes
) -> None:
    store = written(tmp_path)
    (tmp_path / MANIFEST).write_bytes(content)
    ((kind, said),) = failures(look(store))
    assert (kind, said.startswith("The manifest ")) == ("tampered", True)
    write_site(store, prepared())
    assert failures(look(store)) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("sequence", 2**63), ("sequence", -1), ("stale_after", "0001-01-01T00:00:00+14:00")],
)
def test_signed_numbers_and_times_that_nothing_can_hold_are_refused(
    field: str, value: object
) -> None:
    document = prepared().manifest.to_json() | {field: value}
    with pytest.raises(BadBundle, match="The manifest cannot be read"):
        read_manifest(seal(document, KEY), prefix="", trusted={PUBLIC})


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a//b", "a/../b", ".hidden", "a\\b", ""])
def test_a_signed_manifest_cannot_name_a_path_outside(name: str) -> None:
    document = prepared().manifest.to_json()
    document["files"][name] = {"sha256": "0" * 64, "size": 1}
    with pytest.raises(BadBundle, match="is no path of a bundle"):
        read_manifest(seal(document, KEY), prefix="", trusted={PUBLIC})


def test_a_manifest_serves_the_place_that_it_was_signed_for_only() -> None:
    content = prepared(draft(prefix="t/abc/")).envelope
    assert read_manifest(content, prefix="t/abc/", trusted={PUBLIC}).manifest.prefix == "t/abc/"
    with pytest.raises(BadBundle, match="another place"):
        read_manifest(content, prefix="t/xyz/", trusted={PUBLIC})


def test_a_manifest_survives_being_written_and_read() -> None:
    manifest = prepared().manifest
    assert Manifest.from_json(json.loads(json.dumps(manifest.to_json()))) == manifest


class Interrupted(Exception):
    pass


@pytest.mark.parametrize("step", [1, 2, 3])
def test_an_interrupted_write_leaves_the_site_of_before_readable(tmp_path: Path, step: int) -> None:
    store = written(tmp_path)
    calls = iter(range(1, 10))

    def still() -> None:
        if next(calls) == step:
            raise Interrupted

    newer = prepared(draft(made=NOW + timedelta(minutes=1), sequence=2), {"index.html": b"new"})
    with pytest.raises(Interrupted):
        write_site(store, newer, still=still)
    signed = read_manifest(store.get(MANIFEST), prefix="", trusted={PUBLIC})
    assert signed.manifest.sequence == 1
    content = store.get(signed.manifest.pack_path)
    assert entry_of(content) == signed.manifest.pack
    assert unpack(content, signed.manifest.files)["index.html"] == FILES["index.html"]
    write_site(store, newer)
    assert look(store).is_good


def test_what_the_new_generation_no_longer_has_is_removed(tmp_path: Path) -> None:
    store = written(tmp_path)
    for sequence in range(2, 6):
        made = NOW + timedelta(minutes=sequence)
        content = {"index.html": b"%d" % sequence}
        write_site(store, prepared(draft(made=made, sequence=sequence), content))
    names = {path.split("/")[0] for path in store.list("")}
    assert names == {"index.html", MANIFEST, "_bundle"}
    assert len(store.list("_bundle/")) == 2


class Killed(BaseException):
    pass


class Dying:
    """A store whose process is killed at its `steps`-th write or removal."""

    def __init__(self, inner: object, steps: int) -> None:
        self._inner = inner
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in {"put", "delete"}:
            return found

        def counted(*args: object, **more: object) -> object:
            if self._steps == 0:
                raise Killed
            self._steps -= 1
            return found(*args, **more)

        return counted


def test_whenever_a_writer_is_killed_nothing_of_it_stays_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = {"issues/EX1/index.html": b"published by mistake", "index.html": b"hasty"}
    kept: dict[str, bytes] = {"index.html": b"calm"}
    deaths = 0
    for steps in range(40):
        folder = tmp_path / str(steps)
        store = written(folder)
        with monkeypatch.context() as patched:
            patched.setattr(store, "_store", Dying(store._store, steps))
            try:
                write_site(store, prepared(draft(sequence=2), hasty))
            except Killed:
                deaths += 1
        for sequence in (3, 4):
            write_site(store, prepared(draft(sequence=sequence), kept))
            assert look(store).is_good
        names = {path.split("/")[0] for path in store.list("")}
        assert names == {"index.html", MANIFEST, "_bundle"}, steps
    assert 10 < deaths < 40


def test_a_pack_of_a_stranger_cannot_name_what_is_removed(tmp_path: Path) -> None:
    store = written(tmp_path)
    others = ["t/abc/index.html", "p/x/index.html", "emergency/E1-a.json", "robots.txt"]
    for path in others:
        store.put(path, b"mine")
    store.put(f"_bundle/{'0' * 64}.zip", pack(dict.fromkeys([*others[:3], "../up", MANIFEST], b"")))
    store.put(f"_bundle/{'1' * 64}.zip", b"no archive")
    write_site(store, prepared(draft(sequence=2)))
    assert look(store).is_good
    assert all(store.get(path) == b"mine" for path in others)
    assert store.list("_bundle/") == [prepared().manifest.pack_path]


def test_a_full_disk_is_named_and_the_site_of_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = written(tmp_path)

    class Full:
        def __init__(self, inner: object) -> None:
            self._inner = inner

        def put(self, path: str, *args: object, **more: object) -> None:
            raise OSError(28, "No space left on device")

        def __getattr__(self, name: str) -> object:
            return getattr(self._inner, name)

    monkeypatch.setattr(store, "_store", Full(store._store))
    with pytest.raises(StoreError, match="The disk is full"):
        write_site(store, prepared(draft(sequence=2)))
    monkeypatch.undo()
    assert look(store).is_good


def test_a_site_below_a_prefix_can_be_removed_and_the_root_cannot(tmp_path: Path) -> None:
    store = written(tmp_path)
    write_site(store, prepared(draft(prefix="t/abc/")))
    remove_site(store, "t/abc/")
    assert look(store).is_good
    assert store.list("t/") == []
    with pytest.raises(ValueError, match="never removed"):
        remove_site(store, "")


def test_an_emergency_key_counts_only_where_the_publishing_key_allows_it(tmp_path: Path) -> None:
    allowed = written(tmp_path / "a", draft(emergency_keys=(public_text(EMERGENCY_KEY),)))
    base = read_manifest(allowed.get(MANIFEST), prefix="", trusted={PUBLIC})
    changed = prepare(draft(sequence=2), {"index.html": b"help"}, key=EMERGENCY_KEY, base=base)
    signed = read_manifest(changed.envelope, prefix="", trusted={PUBLIC})
    assert signed.by_emergency
    assert (signed.public, signed.origin) == (PUBLIC, base.manifest)
    write_site(allowed, changed)
    report = look(allowed)
    assert report.is_good
    assert "emergency" in {each.kind for each in report.findings}

    refused = prepare(draft(sequence=2), {"index.html": b"help"}, key=OTHER_KEY, base=base)
    with pytest.raises(BadBundle, match="no emergency key of this site"):
        read_manifest(refused.envelope, prefix="", trusted={PUBLIC})
    old = prepare(draft(sequence=1), {"index.html": b"help"}, key=EMERGENCY_KEY, base=base)
    with pytest.raises(BadBundle, match="older than what it changes"):
        read_manifest(old.envelope, prefix="", trusted={PUBLIC})


def test_a_store_of_another_kind_is_refused_in_words() -> None:
    with pytest.raises(StoreError, match="give a folder, or an address that begins with s3://"):
        Store("ftp://example.com/x")


def test_an_address_is_shown_without_its_password() -> None:
    store = Store("https://user:secret@status.example/site?token=secret")
    assert store.address == "https://status.example/site"
