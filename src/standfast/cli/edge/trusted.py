"""The public keys that the operator gave."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click


def trusted_keys(given: Sequence[str], file: Path | None) -> frozenset[str]:
    """The keys of the options; exits with code 2 for one that is none."""
    from standfast.bundle.errors import BadKey
    from standfast.bundle.keys import check_public

    lines = file.read_text(encoding="utf-8").splitlines() if file else []
    texts = [line.strip() for line in (*given, *lines)]
    try:
        return frozenset(check_public(text) for text in texts if text and text[0] != "#")
    except BadKey as error:
        click.echo(f"--public-key: {error}", err=True)
        sys.exit(2)
