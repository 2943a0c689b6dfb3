"""The command as an operator uses it: its own process, a data folder, exit codes."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from standfast.cli import COMMANDS, main

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
START = "from standfast.cli import main; main(prog_name='standfast')"


@pytest.fixture
def run(tmp_path: Path, new_database: Callable[[], str]) -> Run:
    """Run the command on a database of its own."""
    url = new_database()

    def run_command(*arguments: str, folder: Path = tmp_path / "data") -> Done:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("STANDFAST_")
        }
        environment |= {"DATABASE_URL": url, "STANDFAST_LOG_LEVEL": "WARNING"}
        return subprocess.run(
            [sys.executable, "-c", START, *arguments, "--data-dir", str(folder)],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    return run_command


def test_help_lists_every_command_without_starting_django() -> None:
    code = (
        "import sys\nfrom standfast.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert 'django' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    for name, entry in COMMANDS.items():
        assert name in done.stdout
        assert entry.help.split()[0] in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there_and_explains_itself(name: str) -> None:
    entry = COMMANDS[name]
    command = getattr(importlib.import_module(f"standfast.cli.{entry.module}"), entry.name)
    assert isinstance(command, click.Command)
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert command.help


def test_the_version_and_an_unknown_command() -> None:
    assert "standfast" in CliRunner().invoke(main, ["--version"]).output
    assert CliRunner().invoke(main, ["nonsense"]).exit_code == 2


@pytest.mark.slow
@pytest.mark.django_db
def test_from_an_empty_folder_to_a_token(run: Run, tmp_path: Path) -> None:
    before = run("organisation", "list")
    assert before.returncode == 1
    for command in ("worker", "web"):
        early = run(command)
        assert early.returncode == 1
        assert early.stderr.startswith("database: it has no tables yet. Run `standfast migrate`")
    assert "standfast migrate" in before.stderr

    assert run("migrate").returncode == 0
    create = ("organisation", "create", "--slug")
    assert run(*create, "bank", "--name", "銀行", "--role", "tenant").stdout == "bank\n"
    run(*create, "cloud", "--name", "Cloud", "--role", "provider", "--role", "tenant")

    listed = json.loads(run("organisation", "list", "--format", "json").stdout)
    assert listed == [
        {"slug": "cloud", "name": "Cloud", "roles": ["provider", "tenant"], "number": 1},
        {"slug": "bank", "name": "銀行", "roles": ["tenant"], "number": 0},
    ]
    providers = run("organisation", "list", "--role", "provider", "--format", "plain").stdout
    assert providers.splitlines() == [
        "SLUG   NAME   ROLES            NUMBER",
        "cloud  Cloud  provider,tenant  1",
    ]

    (tmp_path / "password").write_text("correct horse battery staple\n", encoding="utf-8")
    user = ("user", "create", "--password-file", str(tmp_path / "password"))
    made = run(*user, "--email", "Alice@example.com", "--organisation", "bank", "--role", "admin")
    assert made.stdout == "alice@example.com\n"

    token = ("token", "create", "--organisation", "bank")
    acting = run(*token, "--user", "alice@example.com", "--scope", "ServiceHealth.Read.All")
    assert acting.returncode == 0, acting.stderr
    [line] = acting.stdout.splitlines()
    kind, prefix, secret = line.split("_", 2)
    assert kind == "sft"
    assert len(secret) >= 40
    [row] = json.loads(run("token", "list", "--format", "json").stdout)
    assert (row["prefix"], row["user"]) == (prefix, "alice@example.com")
    assert run("token", "revoke", line).stdout == f"{prefix}\n"
    assert run("token", "revoke", prefix).returncode == 2


@pytest.mark.slow
@pytest.mark.django_db
def test_what_is_wrong_is_one_line_that_names_the_option(run: Run, tmp_path: Path) -> None:
    run("migrate")
    run("organisation", "create", "--slug", "bank", "--name", "Bank", "--role", "tenant")
    (tmp_path / "password").write_text("short", encoding="utf-8")
    user = ("user", "create", "--password-file", str(tmp_path / "password"))
    token = ("token", "create", "--organisation")
    for arguments, option in [
        (("organisation", "create", "--slug", "bank", "--name", "B", "--role", "tenant"), "--slug"),
        ((*user, "--email", "alice@example.com"), "--password"),
        ((*token, "nobody", "--scope", "health.read"), "--organisation"),
        ((*token, "bank", "--scope", "everything"), "--scope"),
        ((*token, "bank", "--scope", "health.read", "--user", "x@example.com"), "--user"),
    ]:
        done = run(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        [line] = done.stderr.splitlines()
        assert line.startswith(f"{option}: ")


@pytest.mark.slow
@pytest.mark.django_db
def test_the_doctor_fails_before_the_migration_and_only_warns_after(run: Run) -> None:
    sick = run("doctor")
    assert sick.returncode == 1
    assert "standfast migrate" in sick.stdout
    run("migrate")
    well = run("doctor", "--format", "json")
    assert well.returncode == 0, well.stdout
    levels = {found["about"]: found["level"] for found in json.loads(well.stdout)}
    assert levels["database"] == levels["tables"] == levels["data folder"] == "ok"
    assert levels["worker"] == levels["mail"] == "warn"
    assert "fail" not in levels.values()
