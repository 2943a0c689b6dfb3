"""`standfast edge serve`: the backup site from its bundle, on a machine of its own."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from standfast.cli.listening import at_address, check_free


@click.command()
@click.option(
    "--bundle", required=True, metavar="DIR_OR_STORE", help="Folder, s3://…, gs://…, az://…"
)
@at_address(port=8001)
@click.option(
    "--public-key",
    "public_keys",
    multiple=True,
    help="Key that must have signed the bundle (ed25519:…); repeatable. Without one, the key that "
    "is met first counts.",
)
@click.option(
    "--public-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with such keys, one a line.",
)
@click.option(
    "--look-every",
    type=click.FloatRange(0.1, 3600),
    default=2.0,
    show_default=True,
    help="Seconds between looks for a new bundle.",
)
def serve(
    *,
    bundle: str,
    host: str,
    port: int,
    public_keys: tuple[str, ...],
    public_key_file: Path | None,
    look_every: float,
) -> None:
    """Serve the newest good bundle until stopped: no database, no application.

    A bundle that was tampered with is reported and not served; the last good one stays. /healthz
    says what is served and how old it is.
    """
    import uvicorn

    from standfast.bundle.errors import StoreError
    from standfast.bundle.store import Store
    from standfast.cli.edge.trusted import trusted_keys
    from standfast.edge.backup.application import make_application
    from standfast.edge.backup.following import Follower
    from standfast.edge.prepared.protocol import answering
    from standfast.edge.prepared.table import Table

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    trusted = trusted_keys(public_keys, public_key_file)
    try:
        store = Store(bundle)
    except StoreError as error:
        click.echo(f"--bundle: {error}", err=True)
        sys.exit(2)
    check_free(host, port)
    table = Table()
    follower = Follower(
        store,
        table,
        trusted=trusted or None,
        clock=lambda: datetime.now(UTC),
        every=look_every,
    )
    follower.start()
    if not trusted and follower.trusted:
        (found,) = follower.trusted
        click.echo(f"No --public-key was given; trusting the key that signed: {found}", err=True)
    click.echo(f"The backup site answers at http://{host}:{port}/", err=True)
    config = uvicorn.Config(
        make_application(follower, table),
        host=host,
        port=port,
        http=answering(table, follower.find),
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run()
    follower.stop()
