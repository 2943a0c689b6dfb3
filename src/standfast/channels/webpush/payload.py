"""What the service worker of the page is told, as JSON."""

from __future__ import annotations

import json
from typing import Final

from standfast.channels.words import Said, cut, in_bytes

#: Push services take 4,096 bytes, encrypted; that is so much in plain text.
LARGEST: Final = 3_900
TITLE, BODY = 300, 900


def payload(words: Said, *, topic: str, language: str) -> bytes:
    """Title, body, the page to open, a tag by which a newer message replaces an older one."""
    status = " · ".join(value for _, value in words.facts[:1])
    told = {
        "title": cut(words.title, TITLE, measure=in_bytes),
        "body": cut("\n".join(filter(None, [status, words.body])), BODY, measure=in_bytes),
        "url": words.link,
        "tag": topic,
        "language": language,
        "urgency": words.urgency,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
