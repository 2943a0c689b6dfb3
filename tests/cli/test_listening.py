"""A port that cannot be had is told before anything is done, by every command that serves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from standfast.cli import main
from standfast.cli.listening import free_port
from tests.bundle.sites import draft, written


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture(params=["edge serve", "demo", "up", "web"])
def command(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    monkeypatch.setenv("STANDFAST_DATA_DIR", str(tmp_path / "data"))
    written(tmp_path / "bundle", draft())
    given = {"edge serve": ["--bundle", str(tmp_path / "bundle")]}
    name: str = request.param
    return [*name.split(), *given.get(name, ["--data-dir", str(tmp_path / "data")])]


@pytest.mark.parametrize("port", ["0", "65536", "99999", "http"])
def test_a_port_that_is_none_is_refused(command: list[str], port: str) -> None:
    done = CliRunner().invoke(main, [*command, "--port", port])
    assert (done.exit_code, "'--port'" in done.output) == (2, True), done.output


def test_a_port_that_is_taken_is_told_and_nothing_is_said_to_answer(
    command: list[str], taken: int
) -> None:
    done = CliRunner().invoke(main, [*command, "--port", str(taken)])
    assert done.exit_code == 2, done.output
    assert f"--port: {taken} is taken on 127.0.0.1" in done.output
    assert "answers" not in done.output


def test_a_host_that_is_not_ours_is_told(command: list[str]) -> None:
    done = CliRunner().invoke(main, [*command, "--host", "203.0.113.7"])
    assert (done.exit_code, "--host: 203.0.113.7" in done.output) == (2, True), done.output


def test_a_port_that_is_chosen_for_later_is_none_of_those_that_connections_are_given() -> None:
    chosen = {free_port() for _each in range(200)}
    assert len(chosen) > 100
    assert 1024 < min(chosen) < max(chosen) < 32_768, "Linux gives those from 32768"
