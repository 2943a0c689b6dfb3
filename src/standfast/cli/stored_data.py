"""What commands that touch stored data share: --data-dir, a start of Django, short errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click


def with_data(command: Callable[..., None]) -> Callable[..., None]:
    """Add --data-dir to a command, start Django for it, and show its errors as one line.

    Exit code 2: something given was wrong (the line names the option and the fix); 1: the system
    is not in order.
    """

    @click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of everything that is stored  [default: $STANDFAST_DATA_DIR]",
    )
    @wraps(command)
    def run(data_dir: Path | None, **kwargs: Any) -> None:
        start_django(data_dir)
        _explained(lambda: command(**kwargs))

    return run


def start_django(data_dir: Path | None) -> None:
    """Read the settings, with `data_dir` in place of the environment's, and load the apps."""
    if data_dir is not None:
        os.environ["STANDFAST_DATA_DIR"] = str(data_dir)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standfast.config.settings")
    from standfast.config.env import SettingError

    try:
        import django

        django.setup()
    except SettingError as error:
        _fail(str(error), code=2)
    except OSError as error:
        option = "--data-dir" if data_dir is not None else "STANDFAST_DATA_DIR"
        _fail(f"{option}: {error.filename or data_dir}: {error.strerror}.", code=2)


def need_tables() -> None:
    """Exits with code 1 where nothing was ever stored: what runs for long would fail for ever."""
    from django.db import DatabaseError, connection

    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        _fail(f"database: {str(error).strip().splitlines()[0]}. Check DATABASE_URL.", code=1)
    if "tenancy_organisation" not in tables:
        _fail(
            "database: it has no tables yet. Run `standfast migrate` first; `standfast up` and "
            "`standfast demo` do it by themselves.",
            code=1,
        )


def _explained(run: Callable[[], Any]) -> None:
    from django.db import DatabaseError

    from standfast.apps.tenancy.errors import Refused

    try:
        run()
    except Refused as refused:
        _fail(f"--{refused.field.replace('_', '-')}: {refused.message}", code=2)
    except DatabaseError as error:
        first_line = str(error).strip().splitlines()[0]
        _fail(f"database: {first_line}. Run `standfast migrate`, then `standfast doctor`.", code=1)


def _fail(line: str, *, code: int) -> None:
    click.echo(line, err=True)
    sys.exit(code)
