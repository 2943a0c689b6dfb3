"""What was typed for an emergency post: texts by language, and the key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# Those of the pages; a post in another would stand on them untold and lose its language when the
# application takes it over.
LANGUAGES = ("en", "zh-hant")


def by_language(
    option: str, texts: Sequence[str], languages: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Pairs of language and text. Raises UsageError naming the option and what to write instead."""
    wanted = [each.lower() for each in languages] or ["en"]
    for language, given in zip(wanted, languages, strict=False):
        if language not in LANGUAGES:
            raise click.UsageError(
                f"--language: the pages are not written in “{given[:40]}”; use en or zh-hant."
            )
        if wanted.count(language) > 1:
            raise click.UsageError(f"--language: {language} is given twice; give each once.")
    if not texts:
        return ()
    if len(texts) != len(wanted):
        raise click.UsageError(
            f"{option}: {len(texts)} given for {', '.join(wanted)}; give one for each --language."
        )
    # Texts pasted or read from a file of another system end their lines in its way.
    return tuple(zip(wanted, map(_with_plain_line_ends, texts), strict=True))


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def key_in(file: Path) -> Ed25519PrivateKey:
    """The private key in the file. Raises BadKey naming the option."""
    from standfast.bundle.errors import BadKey
    from standfast.bundle.keys import load_key

    try:
        return load_key(file)
    except BadKey as error:
        raise BadKey(f"--key: {error}") from error
