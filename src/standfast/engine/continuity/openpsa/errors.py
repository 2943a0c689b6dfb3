"""What is wrong with a file, and where."""

from __future__ import annotations


class OpenPsaError(ValueError):
    """A fault tree cannot be read; the text names file, line and element."""


def at(source: str, line: int, message: str) -> OpenPsaError:
    """An error at a line of a file."""
    return OpenPsaError(f"{source}, line {line}: {message}")
