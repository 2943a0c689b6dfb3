"""`standfast web`: pages, APIs and event streams on one port."""

from __future__ import annotations

import click

from standfast.cli.listening import at_address, check_free
from standfast.cli.stored_data import need_tables, with_data


@click.command()
@at_address(port=8000)
@with_data
def web(*, host: str, port: int) -> None:
    """Serve pages, APIs and event streams until it is stopped."""
    check_free(host, port)
    need_tables()
    serve(host=host, port=port)


def serve(*, host: str, port: int) -> None:
    """Run the front in this process; returns when SIGTERM or SIGINT has stopped it."""
    import uvicorn

    from standfast.config.asgi import application

    uvicorn.run(
        application,
        http=application.protocol,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,  # open event streams would hold it up for ever
        proxy_headers=True,
    )
