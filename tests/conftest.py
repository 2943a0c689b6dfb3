"""Which database the run uses, and Django set up on it.

`STANDFAST_TEST_DATABASE` chooses `sqlite` (the default: every test runs) or `postgresql` (the tests
that touch data run again, on a server that the run starts by itself). Each worker process has a
database and a data folder of its own.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.postgres import PostgresMissing, Server, start_postgres

DATABASE = os.environ.get("STANDFAST_TEST_DATABASE", "sqlite")
CI = bool(os.environ.get("STANDFAST_CI"))
DATA_FIXTURES = {"db", "transactional_db", "live_server", "new_database"}

# What the first process of the run found or made, for its workers: they inherit the environment.
FOLDER = "STANDFAST_TEST_FOLDER"
POSTGRES_SOCKET = "STANDFAST_TEST_POSTGRES_SOCKET"
POSTGRES_MISSING = "STANDFAST_TEST_POSTGRES_MISSING"
KEPT = {"STANDFAST_CI", "STANDFAST_TEST_DATABASE", FOLDER, POSTGRES_SOCKET, POSTGRES_MISSING}

# Two busy cores make an example slow now and then, which says nothing about the code.
hypothesis.settings.register_profile("standfast", deadline=None, derandomize=CI)
hypothesis.settings.load_profile("standfast")

_started: list[Server] = []


def _is_first_process(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")


def _begin_run() -> None:
    """Make the run's folder and start PostgreSQL when it is asked for."""
    folder = Path(tempfile.mkdtemp(prefix="standfast-test-"))
    folder.chmod(0o755)  # the PostgreSQL server may be another account's
    os.environ[FOLDER] = str(folder)
    if DATABASE != "postgresql":
        return
    try:
        server = start_postgres(folder)
    except PostgresMissing as error:
        if CI:
            raise pytest.UsageError(str(error)) from error
        os.environ[POSTGRES_MISSING] = str(error)
        return
    _started.append(server)
    os.environ[POSTGRES_SOCKET] = str(server.socket)


def _postgres() -> Server | None:
    """Return the run's server, seen from this process."""
    socket = os.environ.get(POSTGRES_SOCKET)
    return Server(Path(socket)) if socket else None


def _set_environment() -> None:
    """Give this process settings of its own; the developer's settings must not reach the tests."""
    for name in [name for name in os.environ if name.startswith("STANDFAST_")]:
        if name not in KEPT:
            del os.environ[name]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    data = Path(os.environ[FOLDER], worker)
    data.mkdir(exist_ok=True)
    server = _postgres()
    os.environ["STANDFAST_DATA_DIR"] = str(data)
    os.environ["STANDFAST_LOG_LEVEL"] = "WARNING"
    os.environ["DATABASE_URL"] = server.url_of("standfast") if server else ""
    os.environ["DJANGO_SETTINGS_MODULE"] = "standfast.config.settings"


def _adapt_settings() -> None:
    from django.conf import settings

    # A worker's settings were read before this, with the folder of the first process: two workers
    # would share one placement index.
    settings.DATA_DIR = Path(os.environ["STANDFAST_DATA_DIR"])
    settings.STANDFAST_EMAIL_URL = f"folder:{settings.DATA_DIR / 'mail'}"
    if DATABASE == "sqlite" or not _postgres():
        # A file, as in service: an in-memory database has other rules for locks and threads.
        testing = settings.DATABASES["default"].setdefault("TEST", {})
        testing["NAME"] = str(Path(settings.DATA_DIR, "test.sqlite3"))
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    # Password hashing is slow on purpose; the tests make hundreds of accounts.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run once, and Django in every process, before anything imports a model."""
    if DATABASE not in {"sqlite", "postgresql"}:
        raise pytest.UsageError("STANDFAST_TEST_DATABASE: write sqlite or postgresql.")
    if _is_first_process(config):
        _begin_run()
    _set_environment()
    _adapt_settings()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the run's folder."""
    if not _is_first_process(config):
        return
    for server in _started:
        server.stop()
    if folder := os.environ.get(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_report_header() -> str:
    """Say at the top of the run which database it uses."""
    missing = os.environ.get(POSTGRES_MISSING)
    return f"database: {DATABASE}{f' ({missing})' if missing else ''}"


def _touches_data(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & DATA_FIXTURES or item.get_closest_marker("django_db"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what has nothing to do with a database."""
    if DATABASE != "postgresql":
        return
    chosen = [item for item in items if _touches_data(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _touches_data(item)])
    items[:] = chosen
    if missing := os.environ.get(POSTGRES_MISSING):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(autouse=True)
def _index_of_this_test(request: pytest.FixtureRequest) -> None:
    """Leave no placement index behind: it follows a database that the next test has emptied."""
    if _touches_data(request.node):
        from standfast.apps.catalog.index import forget_index

        forget_index()


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Return a function that makes an empty database and returns its `DATABASE_URL`.

    For tests that start processes of the system: those cannot share a test's transaction.
    """
    made: list[str] = []
    server = _postgres()

    def make() -> str:
        name = f"made_{secrets.token_hex(6)}"
        if server is None:
            return f"sqlite:///{tmp_path / name}.sqlite3"
        made.append(name)
        return server.create_database(name)

    yield make
    for name in made:
        if server is not None:
            server.drop_database(name)


@pytest.fixture(autouse=True)
def _forget_what_processes_remember(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Caches of a living process would outlast the rows of the test that filled them.

    The board looks at the database every time: a test reads, writes and reads again at once.
    """
    from django.utils import translation

    from standfast.apps.incidents.queries import board, reach
    from standfast.apps.messagecenter.queries import told
    from standfast.apps.tenancy.allowance import TOKENS
    from standfast.web.kept import forget_parts

    translation.activate("en")  # a page asked for in Chinese leaves its language behind
    monkeypatch.setattr(board, "LOOK_EVERY_SECONDS", 0)
    yield
    TOKENS.forget()
    board.forget_boards()
    reach.forget_audiences()
    told.forget_told()
    forget_parts()
