"""Words that strangers typed, on their way into a query."""

from __future__ import annotations


def findable(text: str) -> str:
    """The text without its edges, and without NUL: PostgreSQL takes none, and nothing has one."""
    return text.strip().replace("\x00", "\N{REPLACEMENT CHARACTER}")
