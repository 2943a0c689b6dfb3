"""The world's data files."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

Texts = dict[str, str]


@cache
def read(name: str) -> dict[str, Any]:
    """The content of `data/<name>.toml`; treat it as read-only."""
    source = files("standfast.cli.demo.world").joinpath("data", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def both(english: str, chinese: str) -> Texts:
    """A text in both languages; what is empty is left out."""
    pairs = {"en": english, "zh-hant": chinese}
    return {language: text for language, text in pairs.items() if text}
