"""Texts that exist in several languages, stored as `{"en": "…", "zh-hant": "…"}`."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "zh-hant")
Localised = dict[str, str]


def pick(text: Mapping[str, str] | None, language: str) -> str:
    """Return `text` in `language`, else in English, else in whatever language it has, else ''."""
    if not text:
        return ""
    for wanted in (language.lower(), *LANGUAGES):
        if text.get(wanted):
            return text[wanted]
    return next((value for value in text.values() if value), "")


def written_in(text: Mapping[str, str] | None, language: str) -> bool:
    """Say whether `text` really has a version in `language` (and does not fall back)."""
    return bool(text and text.get(language.lower()))
