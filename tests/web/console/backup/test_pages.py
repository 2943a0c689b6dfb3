"""The console's page of the backup site."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from standfast.apps.publishing.models import Target, WrittenSite
from standfast.apps.publishing.signing_keys import publishing_key
from standfast.bundle.keys import public_text
from tests.apps.publishing.backups import write_all
from tests.factories_incidents import World, make_world
from tests.web.console.visitors import at, read, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> World:
    from standfast.apps.publishing.services import writing

    monkeypatch.setattr(writing, "GATHER_SECONDS", 0)
    settings.DATA_DIR = tmp_path
    settings.STANDFAST_BACKUP_TARGETS = [str(tmp_path / "bundle")]
    return make_world()


def test_before_a_worker_has_run_the_page_says_so(world: World) -> None:
    text = read(visitor(world), at(world, "backup"))
    assert "No worker has written it yet." in text
    assert "The first write makes them." in text


def test_a_fresh_place_shows_its_age_and_content(world: World, tmp_path: Path) -> None:
    write_all()
    text = read(visitor(world), at(world, "backup"))
    assert "Yes, in its one place." in text
    assert str(tmp_path / "bundle") in text
    assert "just now" in text
    assert f"--public-key {public_text(publishing_key())}" in text
    assert "Fresh" in text


def test_a_stale_place_is_on_the_page_and_among_what_needs_somebody(world: World) -> None:
    write_all()
    WrittenSite.objects.update(stale_after=timezone.now() - timedelta(minutes=1))
    Target.objects.update(failures=3, error="s3://status: It did not answer in time.")
    text = read(visitor(world), at(world, "backup"))
    assert "1 of its places (of 1) is out of date." in text
    assert "failed 3 times in a row" in text
    home = read(visitor(world), at(world, "home"))
    assert "The backup site is out of date" in home
    assert "1 thing needs a person." in home
    chinese = read(visitor(world, language="zh-hant"), at(world, "backup"))
    assert "s3://status: 未在時限內回應。" in chinese


def test_a_communicator_has_it_written_and_a_viewer_cannot(world: World) -> None:
    write_all()
    assert visitor(world, "viewer").post(at(world, "backup_write")).status_code in {403, 404}
    assert "Write it now" not in read(visitor(world, "viewer"), at(world, "backup"))
    response = visitor(world).post(at(world, "backup_write"))
    assert (response.status_code, response["Location"]) == (302, at(world, "backup"))
    assert write_all() == [1]
