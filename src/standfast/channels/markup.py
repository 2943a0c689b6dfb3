"""Hostile markup of other services as plain text."""

from __future__ import annotations

import html
import re
from typing import Final

import nh3

_BREAK: Final = re.compile(r"<\s*(?:br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000\ue001]"
)
_BLANKS: Final = re.compile(r"[ \t]+")
_LINES: Final = re.compile(r"\s*\n\s*")


def plain_text(markup: str) -> str:
    """The words of some HTML: no tag, no script, no character that hides or turns others."""
    text = html.unescape(nh3.clean(_BREAK.sub("\n", markup), tags=set()))
    text = _BLANKS.sub(" ", _INVISIBLE.sub("", text.replace("\r", "\n")))
    return _LINES.sub("\n", text).strip()


def web_link(address: str) -> str:
    """The address when a page may link to it; else nothing."""
    plain = address.strip()
    is_web = plain.startswith(("https://", "http://")) and plain.isprintable()
    return plain if is_web and " " not in plain and len(plain) <= 500 else ""
