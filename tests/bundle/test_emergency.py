"""Emergency posts: shown on every page, in documents and feeds; never with a wrong key."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from standfast.bundle.checking import check_site
from standfast.bundle.emergency.pages import with_posts
from standfast.bundle.emergency.post import Post, read_post, signed
from standfast.bundle.emergency.posting import look_at, new_key, post_to, read_posts
from standfast.bundle.envelope import read_manifest, seal
from standfast.bundle.errors import BadBundle, BadKey, StoreError
from standfast.bundle.keys import public_text
from standfast.bundle.manifest import MANIFEST
from standfast.bundle.store import Store
from tests.bundle.sites import EMERGENCY_KEY, FILES, KEY, NOW, OTHER_KEY, draft, written

PUBLIC, EMERGENCY = public_text(KEY), public_text(EMERGENCY_KEY)
ALLOWED = draft(emergency_keys=(EMERGENCY,))


def a_post(
    key: str = "E1-first", *, thread: str = "", action: str = "post", **more: object
) -> Post:
    post = Post(
        key=key,
        thread=thread or key,
        action=action,
        site=PUBLIC,
        prefix="",
        at=NOW + timedelta(minutes=5),
        title=(("en", "Power is out"), ("zh-hant", "停電")),
        body=(("en", "We are on it.\n\nCall 1234."), ("zh-hant", "我們正在處理。")),
    )
    return replace(post, **more)  # type: ignore[arg-type]


def send(store: Store, post: Post, key: Ed25519PrivateKey = EMERGENCY_KEY) -> tuple[str, ...]:
    place = look_at(store, key=key, prefix="", trusted=frozenset({PUBLIC}), now=post.at)
    return post_to(place, post, key=key)


def document(folder: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "api/v2" / name).read_text("utf-8"))
    return found


def test_a_post_is_on_every_page_in_its_language_and_in_documents_and_feeds(
    tmp_path: Path,
) -> None:
    store = written(tmp_path, ALLOWED)
    send(store, a_post())
    english = (tmp_path / "index.html").read_text("utf-8")
    assert "<h2>Power is out</h2>" in english
    assert "<p>We are on it.</p><p>Call 1234.</p>" in english
    assert "All is well." in english
    assert "<h2>停電</h2>" in (tmp_path / "zh-hant/index.html").read_text("utf-8")
    summary = json.loads((tmp_path / "api/v2/summary.json").read_text("utf-8"))
    assert summary["status"]["indicator"] == "major"
    (incident,) = summary["incidents"]
    assert (incident["name"], incident["status"]) == ("Power is out", "investigating")
    assert incident["page_id"] == "p1"
    for name in ("history.atom", "history.rss"):
        text = (tmp_path / name).read_text("utf-8")
        ElementTree.fromstring(text)
        assert "Power is out" in text
    report = check_site(store, trusted={PUBLIC}, now=NOW + timedelta(minutes=6))
    assert report.is_good, report.findings
    assert report.signed
    assert report.signed.manifest.generated_at == NOW


def test_words_in_another_language_than_the_page_s_are_marked(tmp_path: Path) -> None:
    store = written(tmp_path, ALLOWED)
    send(store, a_post(title=(("zh-hant", "停電"),), body=(("zh-hant", "我們正在處理。"),)))
    english = (tmp_path / "index.html").read_text("utf-8")
    assert '<h2 lang="zh-hant">停電</h2>' in english
    assert '<div lang="zh-hant"><p>我們正在處理。</p></div>' in english
    chinese = (tmp_path / "zh-hant/index.html").read_text("utf-8")
    assert "<h2>停電</h2>" in chinese
    assert "<div lang" not in chinese


def test_updates_follow_and_a_resolution_ends_it(tmp_path: Path) -> None:
    store = written(tmp_path, ALLOWED)
    send(store, a_post())
    later = NOW + timedelta(minutes=20)
    news = (("en", "Power is back in one hall."),)
    send(
        store, a_post("E2-news", thread="E1-first", action="update", title=(), body=news, at=later)
    )
    text = (tmp_path / "index.html").read_text("utf-8")
    assert text.index("Power is back") < text.index("We are on it.")
    assert text.count("<h2>Power is out</h2>") == 1
    end = a_post("E3-end", thread="E1-first", action="resolve", title=(), at=later)
    send(store, replace(end, at=later + timedelta(minutes=5)))
    assert (
        json.loads((tmp_path / "api/v2/status.json").read_bytes())["status"]["indicator"] == "none"
    )
    assert document(tmp_path, "incidents/unresolved.json")["incidents"] == []
    (incident,) = json.loads((tmp_path / "api/v2/incidents.json").read_bytes())["incidents"]
    assert incident["status"] == "resolved"
    assert len(incident["incident_updates"]) == 3


def test_a_wrong_key_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    store = written(tmp_path, ALLOWED)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(BadKey, match="no emergency key of this site; nothing was written"):
        send(store, a_post(), OTHER_KEY)
    with pytest.raises(BadKey):
        send(store, a_post(), KEY)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_store_without_a_bundle_is_not_posted_to(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no bundle"):
        send(Store(str(tmp_path)), a_post())


def test_a_clock_that_is_behind_the_site_is_named(tmp_path: Path) -> None:
    store = written(tmp_path, ALLOWED)
    place = look_at(store, key=EMERGENCY_KEY, prefix="", trusted=None, now=NOW - timedelta(hours=2))
    (warning,) = place.warnings
    assert "2 h in the future" in warning


@pytest.mark.parametrize("fault", ["changed", "stranger", "other site", "nonsense"])
def test_a_post_that_is_not_genuine_is_ignored_and_named(tmp_path: Path, fault: str) -> None:
    store = written(tmp_path, ALLOWED)
    post = a_post()
    content = signed(post, EMERGENCY_KEY)
    if fault == "changed":
        content = content.replace(b"Power is out", b"All is well!")
    elif fault == "stranger":
        content = signed(post, OTHER_KEY)
    elif fault == "other site":
        content = signed(replace(post, site=public_text(OTHER_KEY)), EMERGENCY_KEY)
    else:
        content = b"{}"
    store.put(post.path, content)
    found = read_manifest(store.get(MANIFEST), prefix="", trusted={PUBLIC})
    posts, warnings = read_posts(store, prefix="", found=found)
    assert posts == ()
    assert len(warnings) == 1
    assert warnings[0].startswith("emergency/E1-first.json: The emergency post ")
    good = a_post("E9-good", title=(("en", "A genuine one"),))
    assert send(store, good) == warnings
    assert "A genuine one" in (tmp_path / "index.html").read_text("utf-8")


def test_a_post_that_was_taken_over_does_not_come_back(tmp_path: Path) -> None:
    taken = draft(emergency_keys=(EMERGENCY,), taken_over=("E1-first",))
    store = written(tmp_path, taken)
    store.put("emergency/E1-first.json", signed(a_post(), EMERGENCY_KEY))
    send(store, a_post("E2-other", title=(("en", "Another"),)))
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "Another" in text
    assert "Power is out" not in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ()}, "title: write it in at least one language"),
        ({"body": (("en", " "),)}, r"body \(en\): it is empty"),
        ({"body": (("en", "x" * 10_001),)}, "at most 10000"),
        ({"body": (("en", "a\x00b"),)}, "invisible control character"),
        ({"body": (("English", "a"),)}, "is no language"),
        ({"action": "shout"}, "none of post, update, resolve"),
        ({"thread": "E0-other"}, "thread: an update names the first post"),
    ],
)
def test_a_post_of_no_use_is_refused_naming_the_field(change: dict[str, object], said: str) -> None:
    with pytest.raises(BadBundle, match=said):
        signed(a_post(**change), EMERGENCY_KEY)  # type: ignore[arg-type]


@given(st.text(alphabet="<>&\"'ab/`", min_size=1, max_size=40).filter(str.strip))
def test_words_of_a_post_never_become_markup(text: str) -> None:
    post = a_post(title=(("en", text),), body=(("en", text),))
    files = with_posts(FILES, [post])
    page = files["index.html"].decode()
    plain = with_posts(FILES, [a_post(title=(("en", "x"),), body=(("en", "x"),))])
    assert page.count("<") == plain["index.html"].decode().count("<")
    ElementTree.fromstring(files["history.atom"])
    ElementTree.fromstring(files["history.rss"])


def test_a_post_survives_being_written_and_read() -> None:
    post = a_post(new_key(NOW))
    content = signed(post, EMERGENCY_KEY)
    assert read_post(content, site=PUBLIC, prefix="", trusted={EMERGENCY}) == post
    with pytest.raises(BadBundle, match="cannot be read"):
        read_post(
            seal({"format": 1, "kind": "emergency post"}, EMERGENCY_KEY),
            site=PUBLIC,
            prefix="",
            trusted={EMERGENCY},
        )
