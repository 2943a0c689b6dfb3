"""Groups of commands that load a command's module only when it runs."""

from __future__ import annotations

import importlib
from typing import Any, NamedTuple

import click


class Entry(NamedTuple):
    """Where a command is (module of the group, its object there) and its line in the help."""

    module: str
    name: str
    help: str


class LazyGroup(click.Group):
    """A group that lists its commands from a table and imports one when it runs."""

    def __init__(self, *args: Any, package: str, entries: dict[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.package = package
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"{self.package}.{entry.module}")
        command = getattr(module, entry.name)
        assert isinstance(command, click.Command), f"{entry} is no click command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self.entries[name].help) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
