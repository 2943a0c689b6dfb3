"""A post of Bluesky as its record: text, where its link is, what it answers."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from standfast.channels.words import Said, in_bytes, with_link

#: In graphemes; counted in code points, of which there are never fewer.
LONGEST: Final = 300
_LANGUAGES: Final = {"zh-hant": "zh-TW"}
_DIGITS: Final = "234567abcdefghijklmnopqrstuvwxyz"
#: 2023 in microseconds: a key looks like a time, and is to lie in the past.
_YEAR: Final = 1_672_531_200_000_000
_LENGTH: Final = 31_536_000_000_000


def record_of(words: Said, *, language: str, reply_to: str, now: datetime) -> dict[str, Any]:
    """The record; the link is marked by the bytes that it takes in the text."""
    text = with_link(words, LONGEST)
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "langs": [_LANGUAGES.get(language, language)],
    }
    if words.link and text.endswith(words.link):
        end = in_bytes(text)
        link = {"$type": "app.bsky.richtext.facet#link", "uri": words.link}
        place = {"byteStart": end - in_bytes(words.link), "byteEnd": end}
        record["facets"] = [{"index": place, "features": [link]}]
    if len(parts := reply_to.split()) == 4:
        parent, root = parts[:2], parts[2:]
        record["reply"] = {
            "root": {"uri": root[0], "cid": root[1]},
            "parent": {"uri": parent[0], "cid": parent[1]},
        }
    return record


def thread_of(uri: str, cid: str, reply_to: str) -> str:
    """A receipt: this post and the first of its thread, which every answer has to name."""
    root = reply_to.split()[2:] if len(reply_to.split()) == 4 else [uri, cid]
    return " ".join([uri, cid, *root])


def rkey_of(key: str) -> str:
    """A record key in the form of a time (TID), the same for every try of a message."""
    number = int.from_bytes(sha256(key.encode()).digest()[:12], "big")
    value = (_YEAR + number % _LENGTH) << 10 | (number >> 50) & 1023
    digits = ""
    for _ in range(13):
        digits = _DIGITS[value & 31] + digits
        value >>= 5
    return digits
