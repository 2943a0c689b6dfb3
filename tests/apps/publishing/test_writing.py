"""Targets are written when something changes, each by itself; failures are kept and repeated."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from standfast.apps.delivery.worker import Worker
from standfast.apps.incidents.services.updating import post_update
from standfast.apps.publishing.duties import backup_duties
from standfast.apps.publishing.models import Target, WrittenSite
from standfast.apps.publishing.queries.changes import OVERLAP, has_news, newest_events
from standfast.apps.publishing.queries.targets import freshness
from standfast.apps.publishing.services import writing
from standfast.apps.publishing.services.claiming import claim
from standfast.apps.publishing.services.targets import want_write
from standfast.apps.tenancy.models import OutboxEvent
from standfast.bundle import store
from standfast.bundle.errors import StoreError
from standfast.bundle.keys import make_key, public_text
from standfast.bundle.store import Store
from standfast.bundle.writing import prepare
from tests.apps.publishing.backups import report_on, the_target, write_all
from tests.bundle.sites import draft
from tests.factories import SYSTEM
from tests.factories_incidents import World, make_world, on, publish_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def test_a_change_is_written_and_signed_and_the_same_is_not_written_again(
    world: World, tmp_path: Path
) -> None:
    assert write_all() == [1]
    report = report_on(tmp_path / "bundle")
    assert report.is_good, report.findings
    assert write_all() == [0]
    publish_issue(world, on(world.first), now=timezone.now(), is_public=True)
    assert write_all() == [1]
    assert "Mailboxes are slow" in page(tmp_path / "bundle")
    assert report_on(tmp_path / "bundle").is_good


def test_an_event_with_a_lower_id_that_commits_later_is_not_missed(world: World) -> None:
    first = OutboxEvent.objects.create(kind="issue.updated", created_at=timezone.now())
    OutboxEvent.objects.create(kind="issue.updated", created_at=timezone.now())
    late = first.pk
    first.delete()
    covered = newest_events()
    assert not has_news(covered)
    OutboxEvent.objects.create(pk=late, kind="issue.updated", created_at=timezone.now())
    assert has_news(covered)
    assert OVERLAP > 100


def test_a_page_is_made_anew_before_it_is_stale(world: World) -> None:
    write_all()
    assert write_all() == [0]
    before = WrittenSite.objects.get()
    assert before.refresh_at - before.generated_at == timedelta(minutes=5)
    WrittenSite.objects.update(refresh_at=timezone.now())
    assert write_all() == [1]
    assert WrittenSite.objects.get().sequence > before.sequence


def test_somebody_may_ask_for_a_write_at_once(world: World) -> None:
    write_all()
    want_write(organisation=world.provider, by=SYSTEM, now=timezone.now())
    assert write_all() == [1]
    assert write_all() == [0]


def test_one_target_that_fails_holds_up_no_other_and_is_tried_again(
    world: World, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.STANDFAST_BACKUP_TARGETS = [str(tmp_path / "file" / "x"), str(tmp_path / "good")]
    assert write_all() == [0, 1]
    assert report_on(tmp_path / "good").is_good
    bad, good = freshness(now=timezone.now())
    assert (bad.level, good.level) == ("bad", "ok")
    assert bad.target.error
    assert bad.target.retry_at is not None
    assert write_all() == [0, 0]
    assert Target.objects.get(pk=bad.target.pk).failures == 1
    (tmp_path / "file").unlink()
    Target.objects.update(retry_at=timezone.now())
    assert write_all()[0] == 1
    assert Target.objects.get(pk=bad.target.pk).error == ""


def test_asking_for_a_write_does_not_wait_for_the_next_try(
    world: World, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.STANDFAST_BACKUP_TARGETS = [str(tmp_path / "file" / "x")]
    assert write_all() == [0]
    (tmp_path / "file").unlink()
    assert write_all() == [0]
    want_write(organisation=world.provider, by=SYSTEM, now=timezone.now())
    assert write_all() == [1]


def test_pauses_between_tries_grow_to_five_minutes(world: World) -> None:
    write_all()
    target = the_target()
    pauses = []
    for _ in range(9):
        target.refresh_from_db()
        now = timezone.now()
        writing._note_failure(target, "The disk is full.", now)
        target.refresh_from_db()
        assert target.retry_at
        pauses.append((target.retry_at - now).total_seconds())
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_a_full_disk_is_named_and_the_pages_of_before_stay(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all()
    before = page(tmp_path / "bundle")

    def full(self: Store, path: str, content: bytes) -> None:
        raise StoreError(f"{self.address}/{path}: The disk is full; make room there.")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "put", full)
        publish_issue(world, on(world.first), now=timezone.now(), is_public=True)
        assert write_all() == [0]
    (state,) = freshness(now=timezone.now())
    assert (state.level, "The disk is full" in state.target.error) == ("warn", True)
    assert page(tmp_path / "bundle") == before
    Target.objects.update(retry_at=None)
    assert write_all() == [1]
    assert "Mailboxes are slow" in page(tmp_path / "bundle")


def test_a_target_that_was_emptied_is_filled_again_when_asked(world: World, tmp_path: Path) -> None:
    write_all()
    shutil.rmtree(tmp_path / "bundle")
    want_write(organisation=world.provider, by=SYSTEM, now=timezone.now())
    assert write_all() == [1]
    assert report_on(tmp_path / "bundle").is_good


def test_what_a_stranger_signed_or_broke_in_a_store_is_written_over(
    world: World, tmp_path: Path
) -> None:
    write_all()
    mine = WrittenSite.objects.get().sequence
    manifest = tmp_path / "bundle/manifest.json"
    for content in (
        prepare(draft(sequence=2**53 - 1), {"index.html": b"fraud"}, key=make_key()).envelope,
        b"[" * 100_000,
        b'{"signed":{"provider":"\\ud800"},"public_key":"a","signature":"b"}',
    ):
        manifest.write_bytes(content)
        Target.objects.update(looked_at=None)
        assert write_all() == [1]
        assert the_target().error == ""
        assert report_on(tmp_path / "bundle").is_good
    assert mine < WrittenSite.objects.get().sequence < mine + 3_600_000  # an hour by the clock


def test_two_workers_do_not_write_the_same_target_at_once(world: World) -> None:
    write_all()
    want_write(organisation=world.provider, by=SYSTEM, now=timezone.now())
    target, now = the_target(), timezone.now()
    assert claim(target, worker="other", now=now)
    assert write_all("tests") == [0]
    assert not claim(the_target(), worker="tests", now=now)
    Target.objects.update(claimed_until=now)
    assert write_all("tests") == [1]


def test_targets_get_the_same_generation(world: World, tmp_path: Path, settings: Settings) -> None:
    settings.STANDFAST_BACKUP_TARGETS = [str(tmp_path / "a"), str(tmp_path / "b")]
    assert write_all() == [1, 1]
    assert page(tmp_path / "a") == page(tmp_path / "b")
    sequences = set(WrittenSite.objects.values_list("sequence", flat=True))
    assert len(sequences) == 1


def test_the_row_of_a_target_that_is_no_longer_configured_goes(
    world: World, tmp_path: Path, settings: Settings
) -> None:
    write_all()
    settings.STANDFAST_BACKUP_TARGETS = [str(tmp_path / "other")]
    assert write_all() == [1]
    assert [row.address for row in Target.objects.all()] == [str(tmp_path / "other")]


def test_staleness_is_a_matter_of_time(world: World) -> None:
    write_all()
    now = timezone.now()
    (fresh,) = freshness(now=now)
    (stale,) = freshness(now=now + timedelta(minutes=16))
    assert (fresh.level, stale.level) == ("ok", "bad")
    age = stale.age(now)
    assert age is not None
    assert age < timedelta(minutes=1)


def test_an_update_reaches_pages_documents_and_feeds(world: World, tmp_path: Path) -> None:
    issue = publish_issue(world, on(world.first), now=timezone.now(), is_public=True).issue
    write_all()
    post_update(
        issue=issue,
        version=None,
        body={"en": "We moved the databases."},
        status="restoringService",
        by=SYSTEM,
        now=timezone.now(),
    )
    write_all()
    for name in (f"issues/{issue.reference}/index.html", "api/v2/summary.json", "history.atom"):
        assert "We moved the databases." in (tmp_path / "bundle" / name).read_text("utf-8"), name


@pytest.mark.django_db(transaction=True)
def test_a_store_that_never_answers_does_not_hold_up_the_others(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_world()
    monkeypatch.setattr(store, "REQUEST_SECONDS", 10)
    monkeypatch.setattr(store, "RETRIES", 0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        settings.STANDFAST_BACKUP_TARGETS = ["s3://silent/site", str(tmp_path / "good")]
        worker = Worker(backup_duties(worker="tests"))
        worker.start()
        try:
            wait_until((tmp_path / "good" / "manifest.json").exists)
            hanging = Target.objects.get(position=0)
            assert (hanging.succeeded_at, hanging.failures) == (None, 0)
            wait_until(lambda: Target.objects.get(position=0).failures > 0)
        finally:
            assert worker.stop()
    assert "It did not answer in time." in Target.objects.get(position=0).error
    assert report_on(tmp_path / "good").is_good


def wait_until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def test_a_store_that_another_key_signed_is_noted(world: World, tmp_path: Path) -> None:
    write_all()
    assert the_target().note == ""
    Target.objects.update(public_key=public_text(make_key()))
    want_write(organisation=world.provider, by=SYSTEM, now=timezone.now())
    write_all()
    assert "give all workers the same key file" in the_target().note
