"""Bytes of unknown origin as text: UTF-8 or UTF-16, else Big5 where it is Chinese, else Latin."""

from __future__ import annotations

import codecs
import re

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(content: bytes) -> str:
    """The text; never fails, for Latin-1 reads everything."""
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp950"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8-sig" or (_CHINESE.search(text) and not _ODD.search(text)):
            return text
    return content.decode("cp1252", errors="replace")
