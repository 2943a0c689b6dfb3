"""Files handed over for the worker: kept, run once, reported, taken up again after a crash."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from standfast.apps.catalog.models import Placement, PlacementImport
from standfast.apps.catalog.queries.imports import (
    error_report,
    faults_of,
    get_import_for,
    imports_of,
    percent_of,
)
from standfast.apps.catalog.services import import_queue
from standfast.apps.catalog.services.import_queue import queue_import, run_next_import
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import Organisation
from tests.factories import (
    NOW,
    SYSTEM,
    make_component,
    make_member,
    make_provider,
    make_service,
    make_tenant,
)

pytestmark = pytest.mark.django_db
GOOD = b"tenant,component,service,users\nacme,S1,mail,5\n"
BAD = b"tenant,component,service,users\nacme,S1,mail,=1+1\n"


@pytest.fixture
def provider() -> Organisation:
    provider = make_provider()
    make_component(provider, "S1")
    make_service(provider, "mail")
    make_tenant("acme")
    return provider


def queued(provider: Organisation, content: bytes, *, mode: str = "full") -> PlacementImport:
    return queue_import(
        provider=provider,
        filename="C:\\files\\placements\x07.csv",
        content=[content],
        mode=mode,
        by=SYSTEM,
        now=NOW,
    )


def test_the_oldest_import_is_run_and_its_file_removed(provider: Organisation) -> None:
    row = queued(provider, GOOD)
    assert (row.state, row.filename, row.bytes_total) == ("queued", "placements.csv", len(GOOD))
    assert run_next_import(now=NOW)
    row.refresh_from_db()
    assert (row.state, row.rows_read, row.added, percent_of(row)) == ("done", 1, 1, 100)
    assert not Path(row.stored_path).exists()
    assert Placement.objects.count() == 1
    assert not run_next_import(now=NOW)


def test_bad_rows_are_kept_with_the_import(provider: Organisation) -> None:
    row = queued(provider, BAD)
    run_next_import(now=NOW)
    row.refresh_from_db()
    assert (row.state, row.error_count) == ("failed", 1)
    assert faults_of(row)[0].message == "“=1+1” is not a whole number."
    lines = list(error_report(faults_of(row)))
    assert lines[1].startswith("2,users,'=1+1,")


def test_an_import_that_breaks_says_so_and_lets_the_next_one_run(
    provider: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_arguments: object) -> None:
        raise RuntimeError("disk full")

    lost = queued(provider, GOOD)
    Path(lost.stored_path).unlink()
    breaking = queued(provider, GOOD)
    run_next_import(now=NOW)
    with monkeypatch.context() as patched:
        patched.setattr(import_queue, "import_placements", broken)
        run_next_import(now=NOW)
    for row, problem in ((lost, "lost"), (breaking, "broken")):
        row.refresh_from_db()
        assert (row.state, faults_of(row)[0].problem) == ("failed", problem)


def test_an_import_of_a_killed_worker_is_taken_up_again(provider: Organisation) -> None:
    row = queued(provider, GOOD)
    PlacementImport.objects.update(state="running", alive_at=NOW)
    assert not run_next_import(now=NOW + timedelta(minutes=5))
    assert run_next_import(now=NOW + timedelta(hours=1))
    row.refresh_from_db()
    assert row.state == "done"


@pytest.mark.parametrize(("content", "mode", "field"), [(b"", "full", "file"), (GOOD, "x", "mode")])
def test_what_cannot_be_imported_is_not_queued(
    provider: Organisation, content: bytes, mode: str, field: str
) -> None:
    with pytest.raises(Refused, match=rf"^{field}: "):
        queued(provider, content, mode=mode)
    assert not PlacementImport.objects.exists()
    assert not list(import_queue._folder().iterdir())


def test_a_file_that_is_too_large_is_refused_and_not_kept(
    provider: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_queue, "MOST_BYTES", 10)
    with pytest.raises(Refused, match=r"^file: "):
        queued(provider, GOOD)
    assert not list(import_queue._folder().iterdir())


def test_the_person_who_queued_it_is_the_one_who_did_it(provider: Organisation) -> None:
    from standfast.apps.tenancy.actor import Actor
    from standfast.apps.tenancy.models import AuditEntry

    person = make_member(provider, "engineer")
    queue_import(
        provider=provider,
        filename="x",
        content=[GOOD],
        mode="full",
        by=Actor.person(person),
        now=NOW,
    )
    run_next_import(now=NOW)
    assert AuditEntry.objects.get(action="placements.imported").user == person


def test_imports_belong_to_their_provider(provider: Organisation) -> None:
    row = queued(provider, GOOD)
    other = make_provider()
    assert list(imports_of(provider)) == [row]
    assert list(imports_of(other)) == []
    with pytest.raises(NoAccess):
        get_import_for(other, row.pk)
    Path(row.stored_path).unlink()
