"""What the service worker of the page is told, as JSON."""

from __future__ import annotations

import json
from typing import Final

from standfast.channels.words import Said, cut, in_bytes

#: Push services take 4,096 bytes, encrypted: 3,993 in plain text. No device shows as much as this.
TITLE: Final = 300
BODY: Final = 900


def payload(words: Said, *, topic: str, language: str) -> bytes:
    """Title, body, the page to open, a tag by which a newer message replaces an older one."""
    status = " · ".join(value for _, value in words.facts[:1])
    told = {
        "title": cut(words.title, TITLE, measure=_in_json),
        "body": cut("\n".join(filter(None, [status, words.body])), BODY, measure=_in_json),
        "url": words.link,
        "tag": topic,
        "language": language,
        "urgency": words.urgency,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _in_json(text: str) -> int:
    return in_bytes(json.dumps(text, ensure_ascii=False)) - 2
