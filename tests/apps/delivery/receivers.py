"""Real receivers on loopback, in a thread: an SMTP server and an HTTP server that keep everything.

What is not answered well is chosen by the mailbox's name or the path: see `ANSWERS`.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

# Name of the mailbox or path → what a server says instead of “taken”.
SMTP_ANSWERS = {"gone": "550 5.1.1 No such user", "busy": "451 4.3.0 Try later"}
HTTP_ANSWERS = {"gone": (410, {}), "busy": (503, {"Retry-After": "3600"}), "refused": (400, {})}


@dataclass
class Hook:
    """One webhook that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receivers:
    """Both servers; `mails` and `hooks` hold what arrived."""

    delay: float = 0.0
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    smtp_port: int = 0
    http_port: int = 0
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def email_url(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp_port}"

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.http_port}/{path}"

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [mail for to, mail in self.mails if to == address]

    def keys(self) -> Counter[tuple[str, str]]:
        """How often each (address or path, idempotency key) arrived."""
        seen = Counter((hook.path, hook.headers["webhook-id"]) for hook in self.hooks)
        seen.update((to, str(mail["Message-ID"])) for to, mail in self.mails)
        return seen

    async def handle_RCPT(  # noqa: N802 - the name is the server's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = SMTP_ANSWERS.get(address.partition("@")[0])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(  # noqa: N802 - the name is the server's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.delay)
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((envelope.rcpt_tos[0], mail))
        return "250 2.0.0 Taken"

    async def handle_hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        await asyncio.sleep(self.delay)
        path = request.match_info["path"]
        if path == "hang":
            await self.let_go.wait()
        if path in HTTP_ANSWERS:
            status, headers = HTTP_ANSWERS[path]
            return web.Response(status=status, headers=headers)
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.hooks.append(Hook(path, headers, body))
        return web.Response(text="ok")


@contextmanager
def receivers(*, delay: float = 0.0) -> Iterator[Receivers]:
    """Run both servers until the block ends; each message takes `delay` seconds to be taken."""
    found = Receivers(delay=delay)
    ready, done = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(
            lambda: SMTP(found, hostname="mail.example", loop=loop), "127.0.0.1", 0
        )
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post("/{path:.*}", found.handle_hook)
        runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.smtp_port = _port(smtp.sockets[0])
        found.http_port = runner.addresses[0][1]
        ready.set()
        while not done.is_set():
            await asyncio.sleep(0.02)
        smtp.close()
        await runner.cleanup()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            failures.append(error)
            ready.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        assert ready.wait(60), "the receivers did not start"
        assert not failures, failures
        yield found
    finally:
        done.set()
        thread.join(60)


def _port(socket: Any) -> int:
    port: int = socket.getsockname()[1]
    return port
