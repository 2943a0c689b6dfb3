"""Requests in the same words: alike but for the token that asks and the entity tag that it knows.

Programs of many tenants ask in the same words, each with its own token. Of these only one has to be
parsed: the others are looked up by what is left when token and tag are cut out. Both go to whoever
answered the first one, which believes neither without looking it up.
"""

from __future__ import annotations

from typing import Final

from standfast.edge.prepared.answer import Again, Answer, Headers, header
from standfast.edge.prepared.table import LONGEST_REMEMBERED

#: Different words that are remembered.
MOST_WORDS: Final = 256
_TAG: Final = b"atch: "  # the end of If-None-Match in whatever case clients write it
_CUT: Final = b"\0"  # in no request that can be parsed


class Words:
    """Remembers words. `marker` begins every token."""

    def __init__(self, marker: bytes) -> None:
        self._marker = marker
        self._known: dict[bytes, tuple[Again, bool]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def answer(self, request: bytes) -> tuple[Answer, bool] | None:
        """The answer to a request in known words and whether to keep the connection."""
        words, token, tags = self._cut(request)
        known = self._known.get(words)
        if known is None:
            return None
        again, keep = known
        answer = again(token, tags)
        return None if answer is None else (answer, keep)

    def learn(self, request: bytes, again: Again, keep: bool, headers: Headers) -> None:
        """Ask `again` about requests in these words; `headers` are those that were parsed.

        Words are not remembered unless what was cut out is what the parser read.
        """
        words, token, tags = self._cut(request)
        if (
            token
            and len(request) <= LONGEST_REMEMBERED
            and self._marker not in words
            and header(headers, b"if-none-match") == tags
        ):
            if len(self._known) >= MOST_WORDS:
                self._known.clear()
            self._known[words] = (again, keep)

    def _cut(self, request: bytes) -> tuple[bytes, bytes, bytes]:
        """The words, the token and the tags; a token is in a header or a part of the address."""
        begin = request.find(self._marker)
        if begin < 1:
            return request, b"", b""
        end = request.find(b"\r" if request[begin - 1] == _SPACE else b"/", begin)
        token = request[begin:end]
        words = request[:begin] + _CUT + request[end:]
        tag_at = words.find(_TAG)
        if tag_at < 0:
            return words, token, b""
        begin = tag_at + len(_TAG)
        end = words.find(b"\r", begin)
        return words[:begin] + _CUT + words[end:], token, words[begin:end]


_SPACE: Final = ord(" ")
