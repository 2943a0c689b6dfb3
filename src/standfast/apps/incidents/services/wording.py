"""Checks of the texts that customers read: Markdown per language, no HTML, no control codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _

from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES, Localised

LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
_BREAKS = re.compile(r"[\n\t]+")
_CODE = re.compile(r"`[^`]*`")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^\s<>]*>")


def checked(
    field: str,
    text: Mapping[str, str] | None,
    *,
    required: bool = False,
    longest: int = LONGEST_TEXT,
    one_line: bool = False,
) -> Localised:
    """Return the text, trimmed, with empty languages left out; line breaks become spaces in one
    that is `one_line`.

    Raises Refused naming `<field>_<language>` for a control character, an HTML tag or too long a
    text, and for a required text that no language has.
    """
    result: Localised = {}
    for language, value in (text or {}).items():
        name = f"{field}_{language.replace('-', '_')}"
        if language not in LANGUAGES:
            raise Refused(name, _("This language is not offered; use en or zh-hant."))
        if not isinstance(value, str):
            raise Refused(name, _("This must be text."))
        cleaned = value.replace("\r\n", "\n").strip()
        if one_line:
            cleaned = _BREAKS.sub(" ", cleaned)
        if cleaned:
            _check(name, cleaned, longest)
            result[language] = cleaned
    if required and not result:
        raise Refused(f"{field}_en", _("Write this in at least one language."))
    return result


def reason(why: str, *, field: str = "why") -> str:
    """Return a reason for the audit log, trimmed and at most 500 characters; it may be empty.

    Raises Refused for a control character.
    """
    cleaned = _BREAKS.sub(" ", why.replace("\r\n", "\n").strip())
    _check_characters(field, cleaned)
    return cleaned[:500]


def _check(name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Refused(
            name,
            _("This has %(length)s characters; shorten it to %(longest)s.")
            % {"length": len(text), "longest": longest},
        )
    _check_characters(name, text)
    tag = _TAG.search(_AUTOLINK.sub("", _CODE.sub("", text)))
    if tag:
        raise Refused(
            name,
            _(
                "HTML such as %(tag)s is not shown; write **bold**, lists and "
                "[links](https://…), or put it in `backticks`."
            )
            % {"tag": tag.group()[:40]},
        )


def _check_characters(name: str, text: str) -> None:
    for place, character in enumerate(text):
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t":
            raise Refused(
                name,
                _("Character %(place)s is an invisible control character (U+%(code)s); delete it.")
                % {"place": place + 1, "code": f"{ord(character):04X}"},
            )
