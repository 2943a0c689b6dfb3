"""Typed readers of environment variables. Every variable read is declared here, once.

`ENVIRONMENT` lists what was declared; a test compares it with `docs/configuration.md`. A secret may
also be given as a file, in the variable of the same name with `_FILE` behind it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its name, its default as text, and what it does."""

    name: str
    default: str
    help: str


ENVIRONMENT: dict[str, Variable] = {}


class SettingError(Exception):
    """A setting has a value that cannot be used; the message names it and the fix."""


def text(name: str, default: str, help: str) -> str:  # noqa: A002 - reads as documentation
    """Read a variable as text."""
    ENVIRONMENT[name] = Variable(name, default, help)
    return os.environ.get(name, default)


def secret(name: str, help: str) -> str:  # noqa: A002 - reads as documentation
    """Read a secret from the variable or from the file that `<name>_FILE` names."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE: cannot read {file}: {error.strerror}.") from error
    return text(name, "", help)


def boolean(name: str, default: bool, help: str) -> bool:  # noqa: A002 - reads as documentation
    """Read a yes/no variable: 1, true, yes, on or 0, false, no, off."""
    value = text(name, "yes" if default else "no", help).strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise SettingError(f"{name}: “{value}” is neither yes nor no.")


def integer(name: str, default: int, help: str, *, minimum: int = 0) -> int:  # noqa: A002
    """Read a whole number of at least `minimum`."""
    value = text(name, str(default), help)
    try:
        number = int(value)
    except ValueError as error:
        raise SettingError(f"{name}: “{value}” is not a whole number.") from error
    if number < minimum:
        raise SettingError(f"{name}: {number} is below the smallest value, {minimum}.")
    return number


def listing(name: str, default: str, help: str) -> list[str]:  # noqa: A002
    """Read a comma-separated list; blanks are dropped."""
    return [part.strip() for part in text(name, default, help).split(",") if part.strip()]
