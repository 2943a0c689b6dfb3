"""The interface's translations without Django, for the few words that are written without it."""

from __future__ import annotations

import gettext as gettext_module
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
_LOCALES = {"zh-hant": "zh_Hant"}


def gettext_noop(text: str) -> str:
    """Mark `text` for translation."""
    return text


def translated(text: str, language: str) -> str:
    """The text in a language; itself where there is no translation."""
    return _catalog(language).gettext(text)


@cache
def _catalog(language: str) -> gettext_module.NullTranslations:
    names = [_LOCALES.get(language, language)]
    return gettext_module.translation("django", LOCALE, names, fallback=True)
