"""The group of commands: it lists what there is, and starts without what it does not need."""

from __future__ import annotations

import importlib
import subprocess
import sys

import click
import pytest

from standfast.cli.continuity import COMMANDS

LIST_WITHOUT_DJANGO = """
import sys
from standfast.cli import main
try: main(["continuity", "--help"])
except SystemExit: pass
heavy = {"django", "numpy", "numba", "ruamel", "highspy"} & set(sys.modules)
assert not heavy, heavy
"""


def test_help_starts_neither_django_nor_a_library_of_numbers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIST_WITHOUT_DJANGO], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Exit status" in done.stdout
    for name in COMMANDS:
        assert name in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_group_is_there_and_explains_itself(name: str) -> None:
    entry = COMMANDS[name]
    module = importlib.import_module(f"standfast.cli.continuity.{entry.module}")
    command = getattr(module, entry.name)
    assert isinstance(command, click.Command)
    assert command.help
