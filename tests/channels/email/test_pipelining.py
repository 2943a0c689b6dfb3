"""A mail in two round trips: against servers that group, refuse, split and break their replies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiosmtplib
import pytest

from standfast.channels.email.conversation import Conversation

MAIL = b"Subject: x\r\n\r\nHello\r\n.hidden\r\n..twice\r\n"
Story = Callable[["Server", Conversation], Awaitable[None]]


class Server(asyncio.Protocol):
    """Answers each line by its first word; keeps lines, and how many came at once."""

    def __init__(self, answers: dict[str, bytes], *, pipelining: bool, byte_wise: bool) -> None:
        self.answers = {
            "MAIL": b"250 2.1.0 ok\r\n",
            "RCPT": b"250 2.1.5 ok\r\n",
            "DATA": b"354 go on\r\n",
            "BODY": b"250-2.0.0\r\n250 taken\r\n",
            "RSET": b"250 ok\r\n",
            "NOOP": b"250 ok\r\n",
            "QUIT": b"221 bye\r\n",
        } | answers
        self.extensions = b"250-PIPELINING\r\n250 SIZE\r\n" if pipelining else b"250 SIZE\r\n"
        self.byte_wise = byte_wise
        self.lines: list[bytes] = []
        self.groups: list[int] = []
        self.bodies: list[bytes] = []
        self._buffer, self._in_body = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(b"220 hello\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answers, count = [], 0
        while True:
            end = b"\r\n.\r\n" if self._in_body and self._buffer != b".\r\n" else b"\r\n"
            piece, found, self._buffer = self._buffer.partition(end)
            if not found:
                self._buffer = piece
                break
            count += 1
            answers.append(self._answer(piece))
        self.groups.append(count)
        self._say(b"".join(answers))

    def _answer(self, piece: bytes) -> bytes:
        if self._in_body:
            self._in_body = False
            self.bodies.append(piece)
            return self.answers["BODY"]
        self.lines.append(piece)
        word = piece.split(b" ")[0].decode()
        if word == "EHLO":
            return b"250-here\r\n" + self.extensions
        answer = self.answers[word]
        self._in_body = answer.startswith(b"354")
        return answer

    def _say(self, text: bytes) -> None:
        if not self.byte_wise:
            self.transport.write(text)
            return
        for place in range(len(text)):
            self.transport.write(text[place : place + 1])


def talk(
    story: Story,
    answers: dict[str, bytes] | None = None,
    *,
    pipelining: bool = True,
    byte_wise: bool = False,
) -> Server:
    server = Server(answers or {}, pipelining=pipelining, byte_wise=byte_wise)

    async def told() -> None:
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(lambda: server, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, local_hostname="me.example")
        await client.connect()
        await client.ehlo()
        server.groups.clear()
        server.lines.clear()
        conversation = Conversation(client, timeout=30)
        try:
            await story(server, conversation)
        finally:
            conversation.close()
            listening.close()
            await asyncio.sleep(0)

    asyncio.run(told())
    return server


async def send(conversation: Conversation) -> str:
    return await conversation.send("me@me.example", "you@you.example", MAIL)


@pytest.mark.parametrize("byte_wise", [False, True])
def test_steps_go_together_when_the_server_pipelines(byte_wise: bool) -> None:
    async def story(server: Server, conversation: Conversation) -> None:
        for _ in range(2):
            assert await send(conversation) == "2.0.0\ntaken"

    server = talk(story, byte_wise=byte_wise)
    assert max(server.groups) == 3
    assert [line.split(b" ")[0] for line in server.lines] == [b"MAIL", b"RCPT", b"DATA"] * 2
    assert server.lines[0] == b"MAIL FROM:<me@me.example> SIZE=%d" % len(MAIL)


def test_steps_wait_for_each_other_when_it_does_not() -> None:
    async def story(server: Server, conversation: Conversation) -> None:
        await send(conversation)

    assert max(talk(story, pipelining=False).groups) == 1


def test_dots_at_the_beginning_of_a_line_are_doubled() -> None:
    async def story(server: Server, conversation: Conversation) -> None:
        await send(conversation)

    [body] = talk(story).bodies
    assert body == b"Subject: x\r\n\r\nHello\r\n..hidden\r\n...twice"


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("answers", "error", "code"),
    [
        ({"MAIL": b"553 no\r\n", "RCPT": b"503 no\r\n", "DATA": b"503 no\r\n"},
         aiosmtplib.SMTPSenderRefused, 553),
        ({"RCPT": b"550 5.1.1 gone\r\n", "DATA": b"554 nobody\r\n"},
         aiosmtplib.SMTPRecipientRefused, 550),
        ({"RCPT": b"451 later\r\n"}, aiosmtplib.SMTPRecipientRefused, 451),
        ({"DATA": b"452 full\r\n"}, aiosmtplib.SMTPDataError, 452),
        ({"BODY": b"554 spam\r\n"}, aiosmtplib.SMTPDataError, 554),
    ],
)  # fmt: skip
def test_a_refusal_names_its_step_and_the_next_mail_goes_through(
    pipelining: bool, answers: dict[str, bytes], error: type[Exception], code: int
) -> None:
    async def story(server: Server, conversation: Conversation) -> None:
        with pytest.raises(error) as refused:
            await send(conversation)
        assert refused.value.code == code  # type: ignore[attr-defined]
        server.answers |= {"MAIL": b"250 ok\r\n", "RCPT": b"250 ok\r\n", "DATA": b"354 go\r\n"}
        server.answers["BODY"] = b"250 taken\r\n"
        assert conversation.is_open
        assert await send(conversation) == "taken"

    server = talk(story, answers, pipelining=pipelining)
    assert server.bodies[-1].startswith(b"Subject")


def test_a_goodbye_in_the_middle_is_told_as_such() -> None:
    async def story(server: Server, conversation: Conversation) -> None:
        server.answers["MAIL"] = b"421 too many\r\n"
        server.answers["RCPT"] = server.answers["DATA"] = b""
        with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
            await send(conversation)
        assert refused.value.code == 421

    talk(story)


def test_a_goodbye_that_nobody_asked_for_ends_the_conversation() -> None:
    async def story(server: Server, conversation: Conversation) -> None:
        server.transport.write(b"421 idle for too long\r\n")
        server.transport.close()
        async with asyncio.timeout(30):
            while conversation.is_open:
                await asyncio.sleep(0.005)
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await conversation.noop()

    talk(story)


@pytest.mark.parametrize("nonsense", [b"hello?\r\n", b"x" * 100_000, b"250-" + b"y" * 70_000])
def test_what_is_no_smtp_ends_the_conversation(nonsense: bytes) -> None:
    async def story(server: Server, conversation: Conversation) -> None:
        server.answers["NOOP"] = nonsense
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await conversation.noop()
        assert not conversation.is_open

    talk(story)


def test_a_server_that_says_nothing_times_out() -> None:
    async def story(server: Server, conversation: Conversation) -> None:
        server.answers["NOOP"] = b""
        conversation._timeout = 0.05
        with pytest.raises(aiosmtplib.SMTPReadTimeoutError):
            await conversation.noop()
        await conversation.quit(within=30)
        assert server.lines[-1] == b"QUIT"

    talk(story)
