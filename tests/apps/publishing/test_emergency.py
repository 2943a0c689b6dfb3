"""What was posted straight to the backup site is taken over once, when the application is back."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from standfast.apps.incidents.models import Issue
from standfast.apps.publishing.models import EmergencyPost, Target
from standfast.apps.publishing.services.emergency import look_for_posts
from standfast.apps.publishing.signing_keys import emergency_file, publishing_key
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.emergency.post import Post
from standfast.bundle.emergency.posting import look_at, new_key, post_to, prefix_of
from standfast.bundle.keys import load_key, public_text
from standfast.bundle.store import Store
from tests.apps.publishing.backups import report_on, texts_below, the_target, write_all
from tests.factories import make_provider, make_service, make_subscription
from tests.factories_incidents import World, make_world

TEXTS = {
    "post": ((("en", "Power is out"), ("zh-hant", "停電")), (("en", "We are on it."),)),
    "update": ((), (("en", "Half of it is back."),)),
    "resolve": ((), (("en", "All is back."),)),
}


def post(
    folder: Path,
    action: str = "post",
    *,
    thread: str = "",
    key: str = "",
    provider: str = "",
) -> str:
    """Post as the command does; the thread's id."""
    now = timezone.now()
    secret = load_key(emergency_file())
    prefix = prefix_of(Store(str(folder)), provider)
    place = look_at(Store(str(folder)), key=secret, prefix=prefix, trusted=None, now=now)
    made = key or new_key(now)
    title, body = TEXTS[action]
    said = Post(
        key=made,
        thread=thread or made,
        action=action,
        site=public_text(publishing_key()),
        prefix=prefix,
        at=now,
        title=title,
        body=body,
        provider=place.signed.origin.slug,
    )
    post_to(place, said, key=secret)
    return said.thread


def look_again() -> None:
    """Let the next write look at the stores; it does so every ten seconds."""
    Target.objects.update(looked_at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_post_becomes_a_public_incident_for_everybody_with_an_unclear_scope(
    world: World, tmp_path: Path
) -> None:
    write_all()
    post(tmp_path / "bundle")
    assert "Emergency notice" in (tmp_path / "bundle/index.html").read_text("utf-8")
    look_again()
    write_all()
    issue = Issue.objects.get()
    assert (issue.stage, issue.is_public, issue.severity) == ("published", True, "high")
    assert issue.title == {"en": "Power is out", "zh-hant": "停電"}
    assert issue.audience
    assert (issue.audience.unclear, issue.audience.tenant_count) == (True, 4)
    assert [each.body for each in issue.posts.all()] == [{"en": "We are on it."}]
    page = (tmp_path / "bundle/index.html").read_text("utf-8")
    assert 'class="card emergency"' not in page
    assert issue.reference in page
    assert report_on(tmp_path / "bundle").is_good


def test_news_and_the_end_of_an_emergency_follow_it(world: World, tmp_path: Path) -> None:
    write_all()
    thread = post(tmp_path / "bundle")
    post(tmp_path / "bundle", "update", thread=thread)
    look_again()
    write_all()
    issue = Issue.objects.get()
    assert [each.body["en"] for each in issue.posts.order_by("number")] == [
        "We are on it.",
        "Half of it is back.",
    ]
    post(tmp_path / "bundle", "resolve", thread=thread)
    look_again()
    write_all()
    issue.refresh_from_db()
    assert (issue.stage, issue.status) == ("resolved", "serviceRestored")


def test_a_post_is_taken_over_once_however_many_stores_hold_it(
    world: World, tmp_path: Path, settings: Settings
) -> None:
    settings.STANDFAST_BACKUP_TARGETS = [str(tmp_path / "a"), str(tmp_path / "b")]
    write_all()
    post(tmp_path / "a", key="E1-same")
    post(tmp_path / "b", key="E1-same")
    for _ in range(3):
        look_again()
        write_all()
    assert Issue.objects.count() == 1
    for name in ("a", "b"):
        assert list((tmp_path / name / "emergency").iterdir()) == []
        assert "Power is out" in (tmp_path / name / "index.html").read_text("utf-8")


def test_a_post_that_is_put_back_later_is_not_taken_over_again(
    world: World, tmp_path: Path
) -> None:
    write_all()
    post(tmp_path / "bundle", key="E1-again")
    file = tmp_path / "bundle/emergency/E1-again.json"
    shutil.copy(file, tmp_path / "kept.json")
    look_again()
    write_all()
    shutil.copy(tmp_path / "kept.json", file)
    look_again()
    write_all()
    assert Issue.objects.count() == 1
    assert not file.exists()


def test_a_post_that_is_not_genuine_is_left_alone_and_noted(world: World, tmp_path: Path) -> None:
    write_all()
    post(tmp_path / "bundle", key="E1-fraud")
    file = tmp_path / "bundle/emergency/E1-fraud.json"
    file.write_text(file.read_text("utf-8").replace("Power is out", "Pay us now"), "utf-8")
    look_again()
    write_all()
    assert Issue.objects.count() == 0
    assert "Pay us now" not in (tmp_path / "bundle/index.html").read_text("utf-8")
    assert "E1-fraud.json is ignored" in the_target().note


@pytest.mark.parametrize("content", ["[" * 100_000, '{"signed":{"a":"\\ud800"}}'])
def test_a_post_damaged_on_purpose_does_not_keep_the_site_from_being_written(
    world: World, tmp_path: Path, content: str
) -> None:
    write_all()
    post(tmp_path / "bundle", key="E1-real")
    odd = json.loads((tmp_path / "bundle/emergency/E1-real.json").read_text("utf-8"))
    whole = json.dumps(odd | json.loads(content)) if content.endswith("}") else content
    (tmp_path / "bundle/emergency/E0-odd.json").write_text(whole, "utf-8")
    look_again()
    assert write_all() == [1]
    assert Issue.objects.count() == 1
    assert the_target().error == ""
    assert "E0-odd.json is ignored" in the_target().note


def test_a_post_that_cannot_be_taken_over_yet_stays_on_the_site(tmp_path: Path, db: None) -> None:
    provider = make_provider()
    make_service(provider)  # no tenant uses it: nobody could be told
    write_all()
    post(tmp_path / "bundle")
    for _ in range(2):
        look_again()
        write_all()
    row = EmergencyPost.objects.get()
    assert (row.taken_at, Issue.objects.count()) == (None, 0)
    assert "Widen the scope" in row.problem
    assert "Power is out" in (tmp_path / "bundle/index.html").read_text("utf-8")
    assert report_on(tmp_path / "bundle").is_good


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_a_post_over_once(tmp_path: Path) -> None:
    make_world()
    write_all()
    post(tmp_path / "bundle")
    together = threading.Barrier(2)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            together.wait()
            look_for_posts(Store(str(tmp_path / "bundle")), now=timezone.now())
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert Issue.objects.count() == 1


@pytest.fixture
def other(world: World) -> Organisation:
    """A second provider, whose pages lie below p/; Bob uses its service."""
    provider = make_provider("other-cloud")
    make_subscription(world.bob, make_service(provider, "files"))
    return provider


def test_a_post_for_a_provider_is_on_its_pages_documents_and_feeds_only(
    world: World, other: Organisation, tmp_path: Path
) -> None:
    write_all()
    post(tmp_path / "bundle", provider="other-cloud")
    said = {
        path for path, text in texts_below(tmp_path / "bundle").items() if "Power is out" in text
    }
    assert {
        "p/other-cloud/index.html",
        "p/other-cloud/history/index.html",
        "p/other-cloud/api/v2/summary.json",
        "p/other-cloud/api/v2/incidents.json",
        "p/other-cloud/api/v2/incidents/unresolved.json",
        "p/other-cloud/history.atom",
        "p/other-cloud/history.rss",
    } <= said
    assert all(path.startswith("p/other-cloud/") for path in said)
    assert "停電" in (tmp_path / "bundle/p/other-cloud/zh-hant/index.html").read_text("utf-8")
    assert report_on(tmp_path / "bundle", "p/other-cloud/").is_good


def test_it_is_taken_over_once_as_that_provider_s(
    world: World, other: Organisation, tmp_path: Path, settings: Settings
) -> None:
    settings.STANDFAST_BACKUP_TARGETS = [str(tmp_path / "a"), str(tmp_path / "b")]
    write_all()
    post(tmp_path / "a", key="E1-same", provider="other-cloud")
    thread = post(tmp_path / "b", key="E1-same", provider="other-cloud")
    post(tmp_path / "b", "update", thread=thread, provider="other-cloud")
    for _ in range(3):
        look_again()
        write_all()
    issue = Issue.objects.get()
    assert (issue.provider, issue.service.key) == (other, "files")
    assert issue.audience
    assert issue.audience.tenant_count == 1
    assert issue.posts.count() == 2
    for name in ("a", "b"):
        assert list((tmp_path / name / "p/other-cloud/emergency").iterdir()) == []
        page = (tmp_path / name / "p/other-cloud/index.html").read_text("utf-8")
        assert issue.reference in page
        assert 'class="card emergency"' not in page
        assert issue.reference not in (tmp_path / name / "index.html").read_text("utf-8")
        assert report_on(tmp_path / name, "p/other-cloud/").is_good


def test_one_that_cannot_be_taken_over_stays_on_its_provider_s_pages_only(
    world: World, tmp_path: Path
) -> None:
    make_service(make_provider("other-cloud"))  # nobody uses it
    write_all()
    post(tmp_path / "bundle", provider="other-cloud")
    for _ in range(2):
        look_again()
        write_all()
    assert "Widen the scope" in EmergencyPost.objects.get().problem
    page = (tmp_path / "bundle/p/other-cloud/index.html").read_text("utf-8")
    assert "Power is out" in page
    assert "Power is out" not in (tmp_path / "bundle/index.html").read_text("utf-8")


def test_it_is_its_provider_s_also_when_another_has_the_first_page_by_then(
    world: World, other: Organisation, tmp_path: Path, settings: Settings
) -> None:
    write_all()
    post(tmp_path / "bundle", key="E1-first")
    post(tmp_path / "bundle", key="E1-other", provider="other-cloud")
    settings.STANDFAST_BACKUP_PROVIDER = "other-cloud"
    look_again()
    write_all()
    of = dict(EmergencyPost.objects.values_list("key", "issue__provider__slug"))
    assert of == {"E1-first": world.provider.slug, "E1-other": "other-cloud"}


def test_an_update_cannot_reach_into_another_provider_s_emergency(
    world: World, other: Organisation, tmp_path: Path
) -> None:
    write_all()
    thread = post(tmp_path / "bundle")
    post(tmp_path / "bundle", "resolve", thread=thread, provider="other-cloud")
    look_again()
    write_all()
    assert Issue.objects.get().stage == "published"
    assert "is not taken over yet" in EmergencyPost.objects.get(taken_at=None).problem
