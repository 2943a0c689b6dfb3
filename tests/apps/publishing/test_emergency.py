"""What was posted straight to the backup site is taken over once, when the application is back."""

from __future__ import annotations

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
from standfast.bundle.emergency.post import Post
from standfast.bundle.emergency.posting import look_at, new_key, post_to
from standfast.bundle.keys import load_key, public_text
from standfast.bundle.store import Store
from tests.apps.publishing.backups import report_on, the_target, write_all
from tests.factories import make_provider, make_service
from tests.factories_incidents import World, make_world

TEXTS = {
    "post": ((("en", "Power is out"), ("zh-hant", "停電")), (("en", "We are on it."),)),
    "update": ((), (("en", "Half of it is back."),)),
    "resolve": ((), (("en", "All is back."),)),
}


def post(folder: Path, action: str = "post", *, thread: str = "", key: str = "") -> str:
    """Post as the command does; the thread's id."""
    now = timezone.now()
    secret = load_key(emergency_file())
    place = look_at(Store(str(folder)), key=secret, prefix="", trusted=None, now=now)
    made = key or new_key(now)
    title, body = TEXTS[action]
    said = Post(
        key=made,
        thread=thread or made,
        action=action,
        site=public_text(publishing_key()),
        prefix="",
        at=now,
        title=title,
        body=body,
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
