"""Files that the commands read: errors name the file, and end with exit status 2."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from standfast.engine.continuity.model import Organisation

# The argument of commands that read one file; `-` is standard input.
FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


class BadInput(click.ClickException):
    """Something in the input or the options is wrong: said on standard error, exit status 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it, line by line."""
        click.echo(self.format_message(), err=True, file=file)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn what the engine refuses (ValueError, by line where it has one) into bad input."""
    try:
        yield
    except ValueError as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise BadInput("\n".join(f"{name_of(path)}: {line}" for line in lines)) from error
    except OSError as error:
        raise BadInput(f"{name_of(path)}: {error.strerror or error}") from error


def name_of(path: Path) -> str:
    """How a file is called in messages."""
    return "standard input" if str(path) == "-" else str(path)


def read_bytes(path: Path) -> bytes:
    """The file's content."""
    if str(path) == "-":
        return sys.stdin.buffer.read()
    return path.read_bytes()


def read_organisation(path: Path) -> Organisation:
    """The continuity model in a file; everything that is wrong with it is said with its line."""
    from standfast.engine.continuity.document import check_size, load

    with refusing(path):
        if str(path) != "-":
            check_size(path.stat().st_size)
        return load(read_bytes(path))


def is_fault_tree(path: Path) -> bool:
    """Whether a file begins as XML does."""
    if str(path) == "-":
        return False
    with refusing(path), path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
