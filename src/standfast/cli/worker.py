"""`standfast worker`: everything that happens in the background."""

from __future__ import annotations

import signal
import sys
import threading

import click

from standfast.cli.stored_data import need_tables, with_data


@click.command()
@click.option(
    "--only-backup-site",
    is_flag=True,
    help="Write the backup site and do nothing else; no message is sent.",
)
@with_data
def worker(*, only_backup_site: bool) -> None:
    """Send notifications, watch promises and import placements until it is stopped.

    Several workers may run at once. SIGTERM lets it finish what it is sending.
    """
    from django.conf import settings

    from standfast.apps.delivery.duties import make_duties, worker_name
    from standfast.apps.delivery.worker import Worker
    from standfast.apps.publishing.duties import backup_duties
    from standfast.apps.social.duties import social_duties
    from standfast.channels.contract import ConfigError
    from standfast.config.memory import settle

    need_tables()
    name = worker_name()
    try:
        duties = [] if only_backup_site else make_duties(worker=name, data_dir=settings.DATA_DIR)
        if not only_backup_site:
            duties += social_duties()
        running = Worker([*duties, *backup_duties(worker=name)])
    except ConfigError as error:
        click.echo(f"{error.field}: {error.message}", err=True)
        sys.exit(2)
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    settle()
    running.start()
    click.echo(f"worker {name} is running", err=True)
    asked.wait()
    if not running.stop():
        click.echo("Some messages were still on their way; another worker takes them over.")
        sys.exit(1)
