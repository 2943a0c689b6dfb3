"""The e-mail channel with servers that misbehave, each a script of answers on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from standfast.channels.contract import Channel, Content, Message, Outcome
from standfast.channels.registry import get_channel

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CONTENT = Content("EX123456", ".a dot\nbegins a line", "<p>.</p>", thread="EX123456")


class Server:
    """Counts conversations and mails; `script` has a reply for some commands.

    It holds in each conversation once `after` mails went through; “.” is the end of a mail.
    """

    def __init__(self, script: Mapping[str, str], after: int) -> None:
        self.script = script
        self.after = after
        self.conversations = 0
        self.verbs: list[str] = []
        self.mails: list[bytes] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.conversations += 1
        mails_here = 0

        async def say(text: str) -> None:
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        with suppress(ConnectionError):
            await say("220 mail.example")
            while line := await reader.readline():
                verb = line.decode().split(None, 1)[0].strip().upper()
                self.verbs.append(verb)
                script = self.script if mails_here >= self.after else {}
                reply = script.get(verb) or _DEFAULTS.get(verb, "250 OK")
                if reply == "hang up":
                    break
                await say(reply)
                if reply.startswith("354"):
                    self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                    mails_here += 1
                    await say(script.get(".", "250 Taken"))
                if reply.startswith(("221", "421")):
                    break
            writer.close()


_DEFAULTS = {"EHLO": "250 mail.example", "DATA": "354 Go on", "QUIT": "221 Bye"}


def messages(count: int) -> list[Message]:
    return [
        Message(f"p1-s{number}-email", f"user{number}@tenant.example", CONTENT)
        for number in range(count)
    ]


def converse(
    script: Mapping[str, str],
    *batches: int,
    after: int = 0,
    connections: int = 1,
    url: str = "smtp://127.0.0.1:{}",
) -> tuple[list[Outcome], Server]:
    server = Server(script, after)

    async def run() -> list[Outcome]:
        listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        channel = get_channel("email").open(
            {
                "url": url.format(port),
                "sender": "status@nordlys.example",
                "connections": connections,
                "timeout": 30,
            }
        )
        outcomes: list[Outcome] = []
        try:
            for count in batches:
                outcomes += await channel.send_many(messages(count), now=NOW)
        finally:
            await channel.close()
            listening.close()
        return outcomes

    return asyncio.run(run()), server


def results(outcomes: list[Outcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]


def test_one_conversation_carries_many_mails_and_batches() -> None:
    outcomes, server = converse({}, 20, 20)

    assert results(outcomes) == ["sent"] * 40
    assert server.conversations == 1
    assert len(server.mails) == 40


def test_a_server_without_starttls_hears_no_password() -> None:
    # Somebody on the way may have taken STARTTLS out of the answer.
    for script in ({"EHLO": "250 AUTH PLAIN"}, {"EHLO": "250 STARTTLS", "STARTTLS": "454 No"}):
        outcomes, server = converse(script, 2, url="smtp://me:swordfish@127.0.0.1:{}?tls=starttls")

        assert results(outcomes) == ["temporary"] * 2
        assert not {"AUTH", "MAIL"} & set(server.verbs)


def test_several_conversations_share_the_work() -> None:
    outcomes, server = converse({}, 60, connections=4)

    assert results(outcomes) == ["sent"] * 60
    assert server.conversations <= 4


def test_a_line_that_begins_with_a_dot_is_stuffed() -> None:
    _, server = converse({}, 1)

    assert b"\r\n..a dot\r\n" in server.mails[0]


def test_a_server_may_end_a_conversation_after_some_mails() -> None:
    outcomes, server = converse({"MAIL": "421 Enough"}, 10, after=3)

    assert results(outcomes) == ["sent"] * 10
    assert server.conversations == 4


def test_a_server_may_just_hang_up_after_some_mails() -> None:
    outcomes, _ = converse({"MAIL": "hang up"}, 10, after=3)

    assert results(outcomes) == ["sent"] * 10


def test_a_server_that_always_hangs_up_is_temporary_not_for_ever() -> None:
    for reply in ("421 Busy", "hang up"):
        outcomes, server = converse({"MAIL": reply}, 3)

        assert results(outcomes) == ["temporary"] * 3
        assert server.mails == []


def test_a_refused_body_is_permanent_but_the_address_lives() -> None:
    outcomes, server = converse({".": "554 5.7.1 Looks like spam"}, 2)

    assert results(outcomes) == ["permanent"] * 2
    assert not outcomes[0].gone
    assert "Looks like spam" in outcomes[0].detail
    assert server.conversations == 1


def test_a_refused_sender_is_our_fault_so_the_mail_is_kept() -> None:
    outcomes, _ = converse({"MAIL": "553 5.7.1 Not your domain"}, 1)

    assert results(outcomes) == ["temporary"]
    assert "refuses the sender" in outcomes[0].detail


def test_a_refused_sign_in_is_our_fault_and_tried_once_a_batch() -> None:
    script = {
        "EHLO": "250-mail.example\r\n250 AUTH PLAIN",
        "AUTH": "535 5.7.8 Wrong password s3cret",
    }

    outcomes, server = converse(script, 30, url="smtp://me:s3cret@127.0.0.1:{}")

    assert results(outcomes) == ["temporary"] * 30
    assert "535" in outcomes[0].detail
    assert "s3cret" not in repr(outcomes)
    assert server.conversations == 1


def test_a_server_without_encryption_is_not_talked_to_when_encryption_is_wanted() -> None:
    outcomes, server = converse({}, 1, url="smtp://me:s3cret@127.0.0.1:{}?tls=starttls")

    assert results(outcomes) == ["temporary"]
    assert server.mails == []


def test_a_folder_gets_each_mail_once(tmp_path: Path) -> None:
    folder = tmp_path / "mail"

    async def send(channel: Channel) -> list[Outcome]:
        await channel.send_many(messages(3), now=NOW)
        return await channel.send_many(messages(3), now=NOW)

    outcomes = asyncio.run(
        send(get_channel("email").open({"url": f"folder:{folder}", "sender": "s@nordlys.example"}))
    )

    assert results(outcomes) == ["sent"] * 3
    assert sorted(path.name for path in folder.iterdir()) == [
        f"p1-s{number}-email.eml" for number in range(3)
    ]
    assert b"To: user2@tenant.example\r\n" in (folder / "p1-s2-email.eml").read_bytes()
