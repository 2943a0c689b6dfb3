"""The backup site's files: self-contained, in every language, and saying how old they are."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.apps.publishing.rendering.pages import Frame
from standfast.apps.publishing.rendering.public import public_files
from tests.factories import SYSTEM, make_component, make_placement, make_service, make_tenant
from tests.factories_incidents import World, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DUE = NOW + timedelta(minutes=15)
ADDRESS = "https://backup.example/"
OUTSIDE = re.compile(r"<(?:script|link|img|iframe|use|image)\b[^>]*\b(?:src|href)=[\"'](?!data:|#)")


@pytest.fixture
def world() -> World:
    return make_world()


def files_of(world: World) -> dict[str, str]:
    frame = Frame(world.provider.name, NOW, DUE, UTC, "https://status.example/")
    made = public_files(world.provider, frame, address=ADDRESS)
    return {path: content.decode() for path, content in made.items()}


def pages_in(files: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.endswith(".html")}


def test_each_public_issue_has_a_page_in_each_language(world: World) -> None:
    shown = publish_issue(world, on(world.first), is_public=True).issue
    hidden = publish_issue(world, on(world.second)).issue
    files = files_of(world)
    assert "Mailboxes are slow" in files[f"issues/{shown.reference}/index.html"]
    assert "信箱變慢" in files[f"zh-hant/issues/{shown.reference}/index.html"]
    assert "We are looking into it." in files[f"issues/{shown.reference}/index.html"]
    assert [path for path, text in files.items() if hidden.reference in path + text] == []


def test_pages_need_nothing_from_outside_and_their_policy_says_so(world: World) -> None:
    post = publish_issue(
        world,
        on(world.first),
        is_public=True,
        user_impact={"en": "See ![a picture](https://tracker.example/a.png) **here**."},
    )
    pages = pages_in(files_of(world))
    assert f"issues/{post.issue.reference}/index.html" in pages
    for path, text in pages.items():
        assert OUTSIDE.findall(re.sub(r'<link rel="alternate"[^>]*>', "", text)) == [], path
        assert "<img" not in text
        assert "tracker.example" not in text
        (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        for kind, inline in (("style", style), ("script", script)):
            digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
            assert f"{kind}-src &#x27;sha256-{digest}&#x27;" in policy, (path, kind)


def test_each_page_tells_people_and_programs_how_old_it_is(world: World) -> None:
    for text in pages_in(files_of(world)).values():
        assert '<meta name="standfast:generated-at" content="2026-03-02T10:00:00.000Z">' in text
        assert '<meta name="standfast:stale-after" content="2026-03-02T10:15:00.000Z">' in text
        assert 'data-stale-after="2026-03-02T10:15:00.000Z" hidden' in text
        assert "10:00 (UTC)" in text
        assert "10:15 (UTC)" in text


def test_links_between_pages_lead_to_pages(world: World) -> None:
    publish_issue(world, on(world.first), is_public=True)
    files = files_of(world)
    for path, text in pages_in(files).items():
        for href in re.findall(r'<a [^>]*href="([^"#]+)"', text):
            if "://" not in href:
                parts = path.split("/")[:-1]
                for step in href.split("/"):
                    parts = parts[:-1] if step == ".." else [*parts, step]
                assert "/".join(parts) in files, f"{path} leads to {href}"


def test_the_documents_have_statuspages_shape_and_an_age(world: World) -> None:
    issue = publish_issue(world, on(world.first), is_public=True).issue
    files = files_of(world)
    names = {path.removeprefix("api/v2/") for path in files if path.startswith("api/")}
    assert names == {
        "summary.json",
        "status.json",
        "components.json",
        "incidents.json",
        "incidents/unresolved.json",
        "scheduled-maintenances.json",
        "scheduled-maintenances/upcoming.json",
        "scheduled-maintenances/active.json",
    }
    summary = json.loads(files["api/v2/summary.json"])
    assert summary["page"]["url"] == ADDRESS
    assert summary["page"]["updated_at"] == "2026-03-02T10:00:00.000Z"
    assert summary["backup"]["stale_after"] == "2026-03-02T10:15:00.000Z"
    (incident,) = summary["incidents"]
    assert incident["shortlink"] == f"{ADDRESS}issues/{issue.reference}/index.html"
    assert summary["status"]["indicator"] != "none"


def test_the_feeds_list_what_is_public_and_can_be_read(world: World) -> None:
    issue = publish_issue(world, on(world.first), is_public=True).issue
    files = files_of(world)
    for name in ("history.atom", "history.rss"):
        ElementTree.fromstring(files[name])
        assert issue.reference in files[name]
        assert "2026-03-02T10:15:00.000Z</standfast:stale-after>" in files[name]


def test_a_resolved_issue_is_in_the_history(world: World) -> None:
    issue = publish_issue(world, on(world.first), is_public=True).issue
    body = {"en": "All mailboxes work again."}
    resolve(issue=issue, version=None, body=body, end_at=None, by=SYSTEM, now=NOW)
    files = files_of(world)
    assert "Mailboxes are slow" in files["history/index.html"]
    assert "We know of no problem" in files["index.html"]
    assert "All mailboxes work again." in files[f"issues/{issue.reference}/index.html"]


def test_hostile_words_stay_words(world: World) -> None:
    issue = publish_issue(world, on(world.first), is_public=True).issue
    body = {"en": "`<script>alert(1)</script>` & <https://example.com/>"}
    post_update(
        issue=issue, version=None, body=body, status="serviceDegradation", by=SYSTEM, now=NOW
    )
    text = files_of(world)[f"issues/{issue.reference}/index.html"]
    assert text.count("<script>") == 1
    assert "&lt;script&gt;" in text


def test_a_provider_without_issues_has_a_calm_page() -> None:
    world = make_world()
    component = make_component(world.provider, "Other")
    make_placement(make_tenant(), component, make_service(world.provider, "files", name="Files"))
    files = files_of(world)
    assert "We know of no problem" in files["index.html"]
    assert json.loads(files["api/v2/status.json"])["status"]["indicator"] == "none"


def test_a_page_that_is_kept_gets_new_times_and_a_new_version_gets_a_new_page(
    world: World,
) -> None:
    issue = publish_issue(world, on(world.first), is_public=True).issue
    name = f"issues/{issue.reference}/index.html"
    first = files_of(world)[name]
    later = NOW + timedelta(hours=1)
    frame = Frame(world.provider.name, later, later + timedelta(minutes=15), UTC)
    again = public_files(world.provider, frame, address=ADDRESS)[name].decode()
    assert "11:00 (UTC)" in again
    assert "2026-03-02T11:15:00.000Z" in again
    assert "10:15" not in again.replace("status.example", "")
    assert "10:00 (UTC)" in first
    body = {"en": "The second word."}
    post_update(
        issue=issue, version=None, body=body, status="serviceDegradation", by=SYSTEM, now=NOW
    )
    assert "The second word." in files_of(world)[name]
