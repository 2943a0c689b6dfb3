"""Where a server listens: --host and --port, and a plain word before anything else is done when the
address cannot be had.
"""

from __future__ import annotations

import errno
import secrets
import socket
import sys
from collections.abc import Callable
from typing import Any, Final

import click

#: Systems give higher ports to outgoing connections (Linux from 32768, others from 49152). One of
#: those could be taken between the moment when it is chosen and the one when a server listens.
OURS: Final = range(20_000, 32_000)


def at_address(*, port: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --host and --port to a command; `port` is the one that is taken when none is given."""
    add_host = click.option(
        "--host", default="127.0.0.1", show_default=True, help="Address to listen on."
    )
    add_port = click.option(
        "--port",
        type=click.IntRange(1, 65535),
        default=port,
        show_default=True,
        metavar="NUMBER",
        help="Port to listen on.",
    )
    return lambda command: add_host(add_port(command))


def check_free(host: str, port: int) -> None:
    """Try to listen; exits with code 2 and the option to change when that fails.

    Servers that find out by themselves have told people by then that they answer.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except (OSError, UnicodeError):
        _refuse(f"--host: “{host}” is no address of this machine; 127.0.0.1 and 0.0.0.0 are.")
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                _refuse(f"--host: {host} is no address of this machine.")
            _refuse(_why(error, host, port))


def free_port() -> int:
    """Choose a port of 127.0.0.1 for a server that starts later. Raises OSError if none is free."""
    for _each in OURS:
        port = secrets.choice(OURS)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError(errno.EADDRINUSE, f"No port is free from {OURS.start} to {OURS.stop - 1}.")


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"--port: {port} is taken on {host} by another program; choose another port."
    if error.errno == errno.EACCES:
        return f"--port: this account may not listen on {port}; choose one above 1023."
    return f"--port: cannot listen on {host} port {port} ({error.strerror}); choose another port."


def _refuse(line: str) -> None:
    click.echo(line, err=True)
    sys.exit(2)
