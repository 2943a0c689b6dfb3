"""`standfast web`: pages, APIs and event streams on one port."""

from __future__ import annotations

import click

from standfast.cli.stored_data import with_data


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@with_data
def web(*, host: str, port: int) -> None:
    """Serve pages, APIs and event streams until it is stopped."""
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
