"""The operator's command, `standfast`.

Each command is a module of this package, loaded only when it is used: `standfast --help` starts
neither Django nor a database. A new command is one module and one line in `COMMANDS`.
"""

from __future__ import annotations

import importlib
from typing import NamedTuple

import click

from standfast import __version__


class Entry(NamedTuple):
    """Where a command is (module of this package, its object there) and its line in the help."""

    module: str
    name: str
    help: str


COMMANDS: dict[str, Entry] = {
    "migrate": Entry("database", "migrate", "Create or update the database's tables."),
    "doctor": Entry("doctor", "doctor", "Check that everything is in order, and say what to do."),
    "organisation": Entry("organisation", "organisation", "List and create organisations."),
    "user": Entry("user", "user", "Create accounts."),
    "token": Entry("token", "token", "Create, list and revoke API tokens."),
    "placements": Entry("placements", "placements", "Import where the tenants' users are."),
    "web": Entry("web", "web", "Serve pages, APIs and event streams."),
    "up": Entry("up", "up", "Run everything: database, worker and web, until stopped."),
    "demo": Entry("demo.command", "demo", "Serve a seeded demo: an invented world with logins."),
    "worker": Entry("worker", "worker", "Send notifications and keep promises in the background."),
}


class LazyGroup(click.Group):
    """A group that lists its commands from the table and imports one when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"{__name__}.{entry.module}")
        command = getattr(module, entry.name)
        assert isinstance(command, click.Command), f"{entry} is no click command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name].help) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="standfast")
def main() -> None:
    """Know who is hit, tell exactly them, and keep the business running.

    Settings come from environment variables (docs/configuration.md); every command that touches
    stored data also takes --data-dir.
    """
