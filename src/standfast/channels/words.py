"""Short messages: what a brief says to one recipient, cut to what a channel can carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from standfast.channels.contract import Message, Tone, Urgency, split_at_slots

_MORE: Final = "…"
#: A cut goes back to the last space unless that would lose more than this share of the text.
_WORD: Final = 0.3
_LOOSE: Final = " \t\n,.;:，。；：、-–—"


@dataclass(frozen=True, slots=True)
class Said:
    """A brief with its slots filled; `link` is where to read more, or nothing."""

    title: str
    body: str
    facts: tuple[tuple[str, str], ...]
    link: str
    link_label: str
    tone: Tone
    urgency: Urgency

    @property
    def heading(self) -> str:
        """The title with the first fact, such as the status, before it."""
        return f"{self.facts[0][1]}: {self.title}" if self.facts else self.title


def said(message: Message) -> Said:
    """What the message says to its recipient. A fact without a value is left out."""
    brief, personal = message.content.short, message.personal
    facts = tuple((name, filled(value, personal)) for name, value in brief.facts)
    return Said(
        title=filled(brief.title, personal),
        body=filled(brief.body, personal).strip(),
        facts=tuple((name, value) for name, value in facts if value),
        link=personal.get("link") or personal.get("settings_link", ""),
        link_label=brief.link_label,
        tone=brief.tone,
        urgency=brief.urgency,
    )


def filled(text: str, personal: Mapping[str, str]) -> str:
    """The text with the recipient's values in its slots."""
    texts, names = split_at_slots(text)
    values = [personal.get(name, "") for name in names] + [""]
    return "".join(piece + value for piece, value in zip(texts, values, strict=True))


def cut(text: str, limit: int, *, measure: Callable[[str], int] = len) -> str:
    """The text, or its beginning with “…”, of at most `limit` by `measure`, at a word's end."""
    if measure(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle] + _MORE) <= limit:
            low = middle
        else:
            high = middle - 1
    if not low:
        return _MORE if measure(_MORE) <= limit else ""
    start = text[:low]
    if not text[low].isspace():
        space = max(start.rfind(" "), start.rfind("\n"))
        start = start[:space] if space > low * (1 - _WORD) else start
    return start.rstrip(_LOOSE) + _MORE


def with_link(
    words: Said, limit: int, *, measure: Callable[[str], int] = len, link_costs: int | None = None
) -> str:
    """Heading, body and the link of at most `limit`: the link is whole, the words are cut.

    `link_costs` is what a service counts for a link, however long it is.
    """
    text = "\n\n".join(filter(None, [words.heading, words.body]))
    if not words.link:
        return cut(text, limit, measure=measure)
    room = limit - (measure(words.link) if link_costs is None else link_costs) - measure("\n\n")
    start = cut(text, max(room, 0), measure=measure)
    return f"{start}\n\n{words.link}" if start else words.link


def utf16(text: str) -> int:
    """The length as services count it that were written in JavaScript."""
    return len(text.encode("utf-16-le")) // 2


def in_bytes(text: str) -> int:
    """The length in UTF-8."""
    return len(text.encode())
