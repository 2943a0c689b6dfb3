"""The PostgreSQL that the tests and the measurements start by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.postgres import PostgresMissing, Server, find_programs, start_postgres


def missing() -> str:
    try:
        find_programs()
    except PostgresMissing as error:
        return str(error)
    return ""


needs_postgres = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start_postgres(tmp_path_factory.mktemp("cluster"))
    yield started
    started.stop()


def setting(server: Server, name: str) -> str:
    with closing(psycopg.connect(server.url)) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        assert row is not None
        return str(row[0])


@needs_postgres
def test_it_listens_on_its_socket_only_and_does_not_wait_for_the_disk(server: Server) -> None:
    assert setting(server, "listen_addresses") == ""
    assert setting(server, "fsync") == "off"
    assert setting(server, "server_encoding") == "UTF8"


@needs_postgres
def test_a_database_made_from_a_template_has_its_tables(server: Server) -> None:
    with closing(psycopg.connect(server.create_database("template_a"))) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        connection.commit()
    copy = server.create_database("copy_of_a", template="template_a")
    with closing(psycopg.connect(copy)) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        server.drop_database("copy_of_a")  # although a session is open in it
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


@needs_postgres
def test_a_durable_server_waits_for_the_disk_and_stops_when_told(tmp_path: Path) -> None:
    server = start_postgres(tmp_path, durable=True)
    try:
        assert setting(server, "fsync") == "on"
    finally:
        server.stop()
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url)


def test_a_machine_without_postgresql_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr(postgres, "SYSTEM_PROGRAMS", tmp_path)
    with pytest.raises(PostgresMissing, match="make setup"):
        find_programs()
