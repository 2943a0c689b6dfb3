"""Whom a manifest is believed: what it claims of its base, its place and its pack is looked at."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from standfast.bundle import envelope as envelope_module
from standfast.bundle.checking import check_places, check_site
from standfast.bundle.emergency.post import Post, read_post, signed
from standfast.bundle.envelope import read_manifest, seal
from standfast.bundle.errors import BadBundle
from standfast.bundle.keys import public_text
from standfast.bundle.manifest import MANIFEST
from standfast.bundle.packing import entry_of, pack
from standfast.bundle.writing import prepare, write_site
from tests.bundle.sites import EMERGENCY_KEY, FILES, KEY, NOW, OTHER_KEY, draft, prepared, written

PUBLIC, EMERGENCY = public_text(KEY), public_text(EMERGENCY_KEY)


def test_nobody_can_name_themselves_an_emergency_key_in_a_base_that_was_changed() -> None:
    genuine = json.loads(prepared(draft(emergency_keys=(EMERGENCY,))).envelope)
    genuine["signed"]["emergency_keys"] = [public_text(OTHER_KEY)]
    forged = seal(prepared(draft(sequence=2)).manifest.to_json(), OTHER_KEY, base=genuine)
    with pytest.raises(BadBundle, match="changed after it was signed"):
        read_manifest(forged, prefix="", trusted={PUBLIC})


def test_an_emergency_key_of_one_place_has_no_say_in_another() -> None:
    there = prepared(draft(prefix="p/other/", emergency_keys=(EMERGENCY,)))
    base = read_manifest(there.envelope, prefix="p/other/", trusted={PUBLIC})
    here = prepare(draft(sequence=2), FILES, key=EMERGENCY_KEY, base=base)
    with pytest.raises(BadBundle, match="another place"):
        read_manifest(here.envelope, prefix="", trusted={PUBLIC})
    post = Post("E1-a", "E1-a", "post", PUBLIC, "p/other/", NOW, (("en", "a"),), (("en", "b"),))
    content = signed(post, EMERGENCY_KEY)
    assert read_post(content, site=PUBLIC, prefix="p/other/", trusted={EMERGENCY}) == post
    with pytest.raises(BadBundle, match="another site"):
        read_post(content, site=PUBLIC, prefix="", trusted={EMERGENCY})


def test_a_file_larger_than_any_manifest_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = prepared().envelope
    monkeypatch.setattr(envelope_module, "LARGEST", len(content) - 1)
    with pytest.raises(BadBundle, match="larger than anything"):
        read_manifest(content, prefix="", trusted={PUBLIC})


def test_a_pack_that_holds_other_pages_than_the_site_is_found(tmp_path: Path) -> None:
    good = prepared()
    packed = pack({**good.files, "index.html": b"fraud"})
    manifest = replace(good.manifest, pack=entry_of(packed))
    odd = replace(good, manifest=manifest, packed=packed, envelope=seal(manifest.to_json(), KEY))
    store = written(tmp_path)
    write_site(store, odd)
    report = check_site(store, trusted={PUBLIC}, now=NOW)
    assert [each.said for each in report.findings if each.level == "fail"] == [
        "index.html in the pack has another length than signed."
    ]


def test_it_is_stale_from_the_second_that_it_names(tmp_path: Path) -> None:
    manifest = prepared().manifest
    assert not manifest.is_stale(manifest.stale_after)
    assert manifest.is_stale(manifest.stale_after + timedelta(seconds=1))


def test_a_missing_variant_is_worth_a_word_and_a_changed_tenant_s_page_fails(
    tmp_path: Path,
) -> None:
    store = written(tmp_path)
    (tmp_path / "index.html.br").unlink()
    found = check_site(store, trusted={PUBLIC}, now=NOW).findings
    assert [(each.level, each.said) for each in found if each.level != "ok"] == [
        ("warn", "index.html.br is not there.")
    ]
    write_site(store, prepared(draft(prefix="t/abc/")))
    (tmp_path / "t/abc/index.html").write_bytes(b"changed")
    (wrong,) = check_places(store, trusted={PUBLIC}, now=NOW)
    assert (wrong.level, wrong.kind, "abc" in wrong.said) == ("fail", "tampered", False)
    assert MANIFEST not in wrong.said
