from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.contract import Content, Message, PermanentFailure, slot
from standfast.channels.email.mime import MimeTemplate

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENDER = Address("Nordlys Cloud, 雲端", addr_spec="status@nordlys.example")
UNSUBSCRIBE = "https://status.nordlys.example/unsubscribe/k3y?x=1&y=2"
TO = "anna@tenant.example"
# What a mail may say: anything but controls, lone surrogates and our own marks.
words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co"]) | st.just("\n"), max_size=200)


def built(content: Content, **changes: Any) -> bytes:
    values: dict[str, Any] = {
        "idempotency_key": "p1-s1-email",
        "address": TO,
        "content": content,
        "unsubscribe_url": UNSUBSCRIBE,
    }
    message = Message(**values | changes)
    return MimeTemplate(content, SENDER).mail(message, to=TO, now=NOW)


def parsed(mail: bytes) -> EmailMessage:
    message = email.message_from_bytes(mail, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_headers_are_complete() -> None:
    content = Content("郵件很慢", "慢", "<p>慢</p>", language="zh-Hant", thread="EX123456")
    mail = parsed(built(content))

    assert mail["From"] == '"Nordlys Cloud, 雲端" <status@nordlys.example>'
    assert mail["To"] == TO
    assert mail["Subject"] == "郵件很慢"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == "<p1-s1-email@nordlys.example>"
    assert mail["Content-Language"] == "zh-Hant"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["References"] == mail["In-Reply-To"]
    assert mail.get_content_type() == "multipart/alternative"


def test_one_issue_is_one_thread() -> None:
    one, same, other = (
        parsed(built(Content("s", "t", thread=thread)))["References"]
        for thread in ("EX1", "EX1", "EX2")
    )

    assert one == same != other
    assert parsed(built(Content("s", "t")))["References"] is None


def test_a_mail_without_html_is_plain_text() -> None:
    mail = parsed(built(Content("s", "only text"), unsubscribe_url=""))

    assert mail.get_content_type() == "text/plain"
    assert text_of(mail, "plain") == "only text"
    assert mail["List-Unsubscribe"] is None


def test_personal_values_fill_the_slots_and_are_escaped_in_html() -> None:
    users = slot("users")
    content = Content("s", f"{users} of your users", f"<p><b>{users}</b> {slot('missing')}</p>")

    mail = parsed(built(content, personal={"users": "214 <of> 5,200 & 許"}))

    assert text_of(mail, "plain") == "214 <of> 5,200 & 許 of your users"
    assert text_of(mail, "html") == "<p><b>214 &lt;of&gt; 5,200 &amp; 許</b> </p>"


@given(words, words, words, words)
def test_any_text_arrives_as_it_was(before: str, value: str, after: str, page: str) -> None:
    content = Content("s", f"{before}{slot('v')}{after}", f"<p>{page}</p>")

    mail = built(content, personal={"v": value})

    assert text_of(parsed(mail), "plain") == f"{before}{value}{after}"
    assert text_of(parsed(mail), "html") == f"<p>{page}</p>"
    assert mail.isascii()
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    body = mail.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 78


@given(words.filter(bool), words.filter(bool))
def test_quoted_lines_keep_to_76_characters(text: str, value: str) -> None:
    mail = built(Content("s", text + slot("v") + text), personal={"v": value})

    assert max(map(len, mail.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


@given(st.text(max_size=100))
def test_a_subject_never_becomes_another_header(subject: str) -> None:
    mail = parsed(built(Content(f"{subject}\r\nBcc: eve@example.org\r\n\r\nHello", "t")))

    assert mail["Bcc"] is None
    assert sorted(mail.keys()) == sorted(parsed(built(Content("s", "t"))).keys())
    assert text_of(mail, "plain") == "t"


@pytest.mark.parametrize("language", ["en\r\nBcc: x@y.z", "", "x" * 99])
def test_a_language_that_is_none_is_left_out(language: str) -> None:
    mail = parsed(built(Content("s", "t", language=language)))

    assert mail["Content-Language"] is None
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "link", ["javascript:x", "https://a.example/>\r\nBcc: x@y.z", "https://a b", "mailto:x@y.z"]
)
def test_a_link_that_could_break_a_header_is_refused(link: str) -> None:
    with pytest.raises(PermanentFailure):
        built(Content("s", "t"), unsubscribe_url=link)


def test_control_characters_and_lone_surrogates_do_no_harm() -> None:
    mail = built(Content("a\x00b\ud800", "x\x00y\x1b[31m\ud800\rz", "<p>\x07</p>"))

    assert text_of(parsed(mail), "plain") == "xy[31m?\nz"
    assert re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", mail) is None


def test_a_body_cannot_forge_the_boundary() -> None:
    probe = built(Content("s", "t", "<p>h</p>"))
    boundary = re.search(rb'boundary="([^"]+)"', probe)
    assert boundary is not None
    forged = Content("s", f"--{boundary[1].decode()}\n\nforged", "<p>h</p>")

    assert text_of(parsed(built(forged)), "plain") == forged.text
