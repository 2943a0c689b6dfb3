"""Mails as bytes: everything that recipients share is encoded once, the rest is put in between.

Building an `EmailMessage` per recipient costs five times the sending; so the body's texts are
quoted-printable pieces cut at the slots, and a soft line break keeps a value apart from them.
"""

from __future__ import annotations

import html
import quopri
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from standfast.channels import details
from standfast.channels.contract import Content, Message, PermanentFailure, split_at_slots

_SOFT_BREAK: Final = b"=\r\n"
_LINE: Final = 76
_LINE_END: Final = re.compile(r"\r\n?")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_LINK: Final = re.compile(r"https?://[!-;=?-~]{1,900}", re.ASCII)
_PLAIN: Final = re.compile(r"[!-<>-~]{0,70}", re.ASCII)
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ue000\ue001]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9-]{1,35}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Part:
    """One text, encoded, with its slots still open."""

    pieces: tuple[bytes, ...]
    slots: tuple[str, ...]
    escape: Callable[[str], str]

    def filled(self, personal: Mapping[str, str]) -> bytes:
        parts = [self.pieces[0]]
        for name, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts += (_left_open(_quoted(self.escape(personal.get(name, "")))), piece)
        return b"".join(parts)


class MimeTemplate:
    """The mail of one content from one sender, made once and finished per recipient."""

    def __init__(self, content: Content, sender: Address) -> None:
        self._domain = sender.domain
        self._head = _shared_headers(content, sender)
        self._text = _part(content.text, _unchanged)
        self._html = _part(content.html, html.escape) if content.html else None
        digest = sha256(f"{content.text}\0{content.html}".encode("utf-8", "replace")).hexdigest()
        # “=_” cannot occur in quoted-printable text, so no body can hold the boundary.
        self._boundary = f"=_{digest[:32]}".encode("ascii")

    def mail(self, message: Message, *, to: str, now: datetime) -> bytes:
        """The whole mail to the normalised address `to`, lines ended by CRLF."""
        return self._head + self._own_headers(message, to, now) + self._body(message.personal)

    def _own_headers(self, message: Message, to: str, now: datetime) -> bytes:
        lines = [
            f"To: {to}",
            f"Date: {format_datetime(now)}",
            f"Message-ID: <{message.idempotency_key}@{self._domain}>",
        ]
        if message.unsubscribe_url:
            if not _LINK.fullmatch(message.unsubscribe_url):
                raise PermanentFailure(details.BAD_UNSUBSCRIBE)
            lines += (
                f"List-Unsubscribe: <{message.unsubscribe_url}>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            )
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")

    def _body(self, personal: Mapping[str, str]) -> bytes:
        text = _with_type(b"plain", self._text.filled(personal))
        if self._html is None:
            return text
        rich = _with_type(b"html", self._html.filled(personal))
        line = b"--" + self._boundary
        return b"".join(
            (
                b'Content-Type: multipart/alternative; boundary="',
                self._boundary,
                b'"\r\n\r\n',
                line,
                b"\r\n",
                text,
                b"\r\n",
                line,
                b"\r\n",
                rich,
                b"\r\n",
                line,
                b"--\r\n",
            )
        )


def one_line(text: str) -> str:
    """`text` fit for a header: line breaks and control characters become blanks."""
    return " ".join(_BREAKS.sub(" ", text).encode("utf-8", "replace").decode().split())


def _shared_headers(content: Content, sender: Address) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["Subject"] = one_line(content.subject)
    mail["MIME-Version"] = "1.0"
    if _LANGUAGE.fullmatch(content.language):
        mail["Content-Language"] = content.language
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if content.thread:
        root = sha256(content.thread.encode()).hexdigest()[:32]
        mail["In-Reply-To"] = mail["References"] = f"<thread-{root}@{sender.domain}>"
    return mail.as_bytes().rstrip(b"\r\n") + b"\r\n"


def _with_type(subtype: bytes, body: bytes) -> bytes:
    return (
        b"Content-Type: text/%b; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n%b"
    ) % (subtype, body)


def _part(text: str, escape: Callable[[str], str]) -> _Part:
    texts, names = split_at_slots(text)
    *before_slots, last = map(_quoted, texts)
    return _Part((*map(_left_open, before_slots), last), tuple(names), escape)


def _quoted(text: str) -> bytes:
    """Quoted-printable without control characters, lines ended by CRLF."""
    if _PLAIN.fullmatch(text):  # most values are links and names
        return text.encode("ascii")
    lines = _CONTROLS.sub("", _LINE_END.sub("\n", text))
    return quopri.encodestring(lines.encode("utf-8", "replace")).replace(b"\n", b"\r\n")


def _left_open(piece: bytes) -> bytes:
    """`piece` ended by a soft line break, no line of it longer than the standard's 76 bytes."""
    start = piece.rfind(b"\n") + 1
    if len(piece) - start < _LINE:
        return piece + _SOFT_BREAK
    cut = start + _LINE - 4
    while b"=" in piece[cut - 2 : cut]:  # an escape such as =E2 stays whole
        cut -= 1
    return piece[:cut] + _SOFT_BREAK + piece[cut:] + _SOFT_BREAK


def _unchanged(text: str) -> str:
    return text
