"""A provider's Markdown as plain text, for chats, telephones, calendars and the text part of mails.

Those show marks such as `**` as they stand; here emphasis goes, lists keep their bullets and links
their addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
_INDENT = "  "


def plain_text(text: str) -> str:
    """The words of the Markdown, blocks parted by a blank line, list entries by a line break."""
    if not text:
        return ""
    return "".join(_blocks(MARKDOWN.parse(text))).strip()


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    lists: list[int | None] = []  # the next number of each list that is open; None has bullets
    mark = ""
    for token in tokens:
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            first = int(token.attrs.get("start", 1)) if kind == "ordered_list_open" else None
            lists.append(first)
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
            if not lists:
                yield "\n"
        elif kind == "list_item_open":
            number = lists[-1]
            mark = "• " if number is None else f"{number}. "
            lists[-1] = number if number is None else number + 1
        elif kind in {"inline", "fence", "code_block"}:
            words = _inline(token.children) if kind == "inline" else token.content.rstrip()
            before = _INDENT * (len(lists) - 1) + (mark or (_INDENT if lists else ""))
            mark = ""
            yield before + words + ("\n" if lists else "\n\n")


def _inline(tokens: Sequence[Token] | None) -> str:
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens or ():
        if token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(parts)))
        elif token.type == "link_close":
            address, start = links.pop()
            words = "".join(parts[start:])
            parts[start:] = [words if words in {"", address} else f"{words} ({address})"]
            if not words:
                parts.append(address)
        else:  # text, code, and the words of an image; marks of emphasis have no content
            parts.append(token.content)
    return "".join(parts)
