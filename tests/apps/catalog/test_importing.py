"""Importing placements: what is accepted, what is refused with its line, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection

from standfast.apps.catalog.imports import csv_rows
from standfast.apps.catalog.index import current_index
from standfast.apps.catalog.models import CatalogChange, Placement, ServiceSubscription
from standfast.apps.catalog.services import merging
from standfast.apps.catalog.services.importing import ImportReport, import_placements
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import AuditEntry, Organisation
from standfast.engine.targeting import Scope, resolve
from tests.factories import (
    NOW,
    SYSTEM,
    make_component,
    make_placement,
    make_provider,
    make_service,
    make_tenant,
)

pytestmark = pytest.mark.django_db
HEAD = "tenant,component,service,users\n"
Import = Callable[..., ImportReport]


@pytest.fixture
def provider() -> Organisation:
    """A provider with two servers and a service, and three tenants: acme, beta and gamma."""
    provider = make_provider()
    for key in ("S1", "S2"):
        make_component(provider, key)
    make_service(provider, "mail")
    for slug in ("acme", "beta", "gamma"):
        make_tenant(slug)
    return provider


@pytest.fixture
def run(provider: Organisation, tmp_path: Path) -> Import:
    def run(content: str | bytes, mode: str = "full") -> ImportReport:
        path = tmp_path / "placements"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_placements(provider=provider, source=path, mode=mode, by=SYSTEM, now=NOW)

    return run


def stored() -> set[tuple[str, str, int]]:
    return set(Placement.objects.values_list("tenant__slug", "component__key", "users"))


def faults(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.field, fault.problem) for fault in report.errors]


def test_a_full_import_adds_changes_and_removes(run: Import) -> None:
    first = run(HEAD + "acme,S1,mail,5\nbeta,S1,mail,7\n")
    assert (first.rows, first.added, first.changed, first.removed) == (2, 2, 0, 0)
    assert first.subscribed == 2
    second = run(HEAD + "acme,S1,mail,6\ngamma,S2,mail,1\nacme,S2,mail,0\n")
    assert (second.added, second.changed, second.removed, second.subscribed) == (1, 1, 1, 1)
    assert stored() == {("acme", "S1", 6), ("gamma", "S2", 1)}
    assert ServiceSubscription.objects.count() == 3
    assert AuditEntry.objects.filter(action="placements.imported").count() == 2
    assert resolve(current_index(), Scope(unclear=True)).total_users == 7


def test_a_delta_touches_only_what_it_names_and_tells_the_index_by_row(run: Import) -> None:
    run(HEAD + "acme,S1,mail,5\nbeta,S1,mail,7\n")
    before = CatalogChange.objects.count()
    report = run(HEAD + "beta,S1,mail,0\ngamma,S2,mail,4\nacme,S1,mail,5\n", "delta")
    assert (report.added, report.changed, report.removed) == (1, 0, 1)
    assert stored() == {("acme", "S1", 5), ("gamma", "S2", 4)}
    kinds = CatalogChange.objects.all()[before:]
    assert sorted(each.kind for each in kinds) == ["placement", "placement", "subscription"]
    assert resolve(current_index(), Scope(unclear=True)).total_users == 9


def test_a_large_delta_asks_for_a_new_index(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "TOLD_BY_ROW", 1)
    run(HEAD + "beta,S1,mail,1\ngamma,S2,mail,4\n", "delta")
    last = CatalogChange.objects.last()
    assert last is not None
    assert last.kind == "rebuild"
    assert resolve(current_index(), Scope(unclear=True)).total_users == 5


def test_every_bad_row_is_named_and_nothing_is_written(run: Import) -> None:
    run(HEAD + "acme,S1,mail,5\n")
    report = run(
        HEAD
        + "nobody,S1,mail,1\n"  # 2
        + "acme,S9,mail,1\n"  # 3
        + "acme,S1,fax,1\n"  # 4
        + "acme,S1,mail,many\n"  # 5
        + "acme,S1,mail,-3\n"  # 6
        + "acme,S1,mail,99999999999\n"  # 7
        + "acme,S1,mail,4000000000\n"  # 8
        + "acme,S1,mail,1.5\n"  # 9
        + "acme,,mail,1\n"  # 10
        + "acme,S1,mail\n"  # 11
        + '"ac\x07me",S1,mail,1\n'  # 12
        + "beta,S2,mail,8\n"  # 13
        + "\n"  # 14
        + " beta , S2 , mail , 9 \n"  # 15
        + '"beta\nx",S2,mail,9\n'  # 16 and 17
    )
    assert faults(report) == [
        (2, "tenant", "unknown_tenant"),
        (3, "component", "unknown_component"),
        (4, "service", "unknown_service"),
        (5, "users", "not_a_number"),
        (6, "users", "negative"),
        (7, "users", "too_large"),
        (8, "users", "too_large"),
        (9, "users", "not_a_number"),
        (10, "component", "missing"),
        (11, "file", "columns"),
        (12, "tenant", "control_characters"),
        (15, "file", "duplicate"),
        (17, "tenant", "control_characters"),
    ]
    assert report.error_count == 13
    assert all(fault.message for fault in report.errors)
    assert report.errors[-2].value == "13"
    assert stored() == {("acme", "S1", 5)}
    assert AuditEntry.objects.filter(action="placements.imported").count() == 1


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", (1, "file", "empty")),
        (b"tenant,component,users\nacme,S1,1\n", (1, "service", "missing_column")),
        ((HEAD + "acme,S1,mail,1\n").encode("utf-16"), (1, "file", "encoding")),
        (HEAD.encode() + b"acme,S1,mail,1\nac\xe9,S1,mail,1\n", (3, "tenant", "encoding")),
        (HEAD.encode() + b"\xff,S1,mail,1\n", (2, "tenant", "encoding")),
        (HEAD.encode() + b'"' + b"x" * 200_000, (2, "file", "unreadable")),
        (b"PAR1 but no Parquet", (1, "file", "unreadable")),
        (b"\x00\x01\x02\x03" * 500, (1, "tenant", "missing_column")),
    ],
)
def test_a_file_that_is_no_list_of_placements_says_why(
    run: Import, content: bytes, fault: tuple[int, str, str]
) -> None:
    report = run(content)
    assert fault in faults(report)
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        "\ufefftenant,component,service,users\nacme,S1,mail,5\n",
        "users;service;component;tenant\n5;mail;S1;acme\n",
        "Tenant\tComponent\tService\tUsers\tNote\r\nacme\tS1\tmail\t005\thi\r\n",
        '"tenant","component","service","users"\n"acme","S1","mail","+5"',
    ],
)
def test_usual_ways_of_writing_csv_are_read(run: Import, content: str) -> None:
    assert run(content).error_count == 0
    assert stored() == {("acme", "S1", 5)}


def test_lines_are_right_across_chunks(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "CHUNK", 2)
    lines = ["acme,S1,mail,1", "beta,S1,mail,1", "gamma,S1,mail,1", "acme,S1,mail,2", "x,S1,mail,1"]
    report = run(HEAD + "\n".join(lines))
    assert faults(report) == [(5, "file", "duplicate"), (6, "tenant", "unknown_tenant")]


def test_a_thousand_errors_are_kept_and_all_are_counted(run: Import) -> None:
    report = run(HEAD + "nobody,S1,mail,1\n" * 1500)
    assert (report.error_count, len(report.errors)) == (1500, 1000)
    report = run(HEAD + "acme,S1,mail,1\n" * 1500)
    assert (report.error_count, len(report.errors)) == (1499, 1000)


def parquet(path: Path, **columns: object) -> bytes:
    pq.write_table(pa.table(columns), path)
    return path.read_bytes()


def test_parquet_is_read_with_numbers_dictionaries_and_nothing(run: Import, tmp_path: Path) -> None:
    tenants = pa.array(["acme", "beta"]).dictionary_encode()
    whole = {"component": ["S1", "S1"], "service": ["mail", "mail"]}
    report = run(parquet(tmp_path / "a", tenant=tenants, **whole, users=pa.array([5, 7], "int32")))
    assert report.error_count == 0
    assert stored() == {("acme", "S1", 5), ("beta", "S1", 7)}
    report = run(parquet(tmp_path / "b", tenant=tenants, **whole, users=[None, -7]))
    assert faults(report) == [(1, "users", "missing"), (2, "users", "negative")]
    report = run(parquet(tmp_path / "c", tenant=tenants, **whole))
    assert faults(report) == [(1, "users", "missing_column")]
    assert stored() == {("acme", "S1", 5), ("beta", "S1", 7)}


def test_only_the_provider_s_own_parts_and_placements_are_touched(run: Import) -> None:
    other = make_provider()
    component = make_component(other, "THEIRS")
    service = make_service(other, "theirs")
    make_placement(make_tenant("delta"), component, service, users=3)
    assert faults(run(HEAD + "acme,THEIRS,mail,1\n")) == [(2, "component", "unknown_component")]
    assert faults(run(HEAD + "acme,S1,theirs,1\n")) == [(2, "service", "unknown_service")]
    run(HEAD + "acme,S1,mail,1\n")
    assert stored() == {("acme", "S1", 1), ("delta", "THEIRS", 3)}


def test_an_unknown_mode_is_refused(run: Import) -> None:
    with pytest.raises(Refused, match=r"^mode: "):
        run(HEAD, "half")


def test_no_table_is_left_behind(run: Import) -> None:
    run(HEAD + "acme,S1,mail,1\n")
    run(HEAD + "nobody,S1,mail,1\n")
    assert not [name for name in connection.introspection.table_names() if "staging" in name]


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_stopped_leaves_everything_as_it_was(
    provider: Organisation, run: Import, tmp_path: Path
) -> None:
    run(HEAD + "acme,S1,mail,5\n")

    def stop(_rows: int, _bytes_read: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_placements(
            provider=provider,
            source=tmp_path / "placements",
            mode="full",
            by=SYSTEM,
            now=NOW,
            progress=stop,
        )
    assert stored() == {("acme", "S1", 5)}
    assert not [name for name in connection.introspection.table_names() if "staging" in name]
    assert run(HEAD + "acme,S1,mail,6\n").changed == 1
