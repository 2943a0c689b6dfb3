"""The operator's command, `standfast`.

Each command is a module of this package, loaded only when it is used: `standfast --help` starts
neither Django nor a database. A new command is one module and one line in `COMMANDS`.
"""

from __future__ import annotations

import click

from standfast import __version__
from standfast.cli.lazy import Entry, LazyGroup

COMMANDS: dict[str, Entry] = {
    "migrate": Entry("database", "migrate", "Create or update the database's tables."),
    "doctor": Entry("doctor", "doctor", "Check that everything is in order, and say what to do."),
    "drill": Entry("drill", "drill", "Rehearse a bad day on a copy, with a report."),
    "edge": Entry("edge", "edge", "Serve and check the backup site, without a database."),
    "emergency": Entry("emergency", "emergency", "Post to the backup site when all else is gone."),
    "organisation": Entry("organisation", "organisation", "List and create organisations."),
    "user": Entry("user", "user", "Create accounts."),
    "token": Entry("token", "token", "Create, list and revoke API tokens."),
    "placements": Entry("placements", "placements", "Import where the tenants' users are."),
    "web": Entry("web", "web", "Serve pages, APIs and event streams."),
    "up": Entry("up", "up", "Run everything: database, worker and web, until stopped."),
    "demo": Entry("demo.command", "demo", "Serve a seeded demo: an invented world with logins."),
    "continuity": Entry(
        "continuity", "continuity", "Evaluate continuity plans: what stops, how likely, what first."
    ),
    "worker": Entry("worker", "worker", "Send notifications and keep promises in the background."),
}


@click.command(
    cls=LazyGroup,
    package=__name__,
    entries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="standfast")
def main() -> None:
    """Know who is hit, tell exactly them, and keep the business running.

    Settings come from environment variables (docs/configuration.md); every command that touches
    stored data also takes --data-dir.
    """
