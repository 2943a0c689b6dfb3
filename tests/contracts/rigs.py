"""A fake receiver for each channel: real servers on loopback that do as they are told."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from standfast.channels.contract import Channel
from standfast.channels.registry import get_channel

# The contract tests look for these in errors.
PASSWORD = "swordfish-7781"
PASSWORD_AS_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WAIT = 0.5


@dataclass
class Rig:
    """A receiver, a channel that is open towards it, and what arrived (one item per message)."""

    channel: Channel
    address: Callable[[str], str]
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    secrets: tuple[str, ...] = ()


class _MailServer:
    """Answers by the recipient's name; “slow” is not answered in time."""

    def __init__(self, arrived: list[tuple[str, bytes]]) -> None:
        self.arrived = arrived

    async def handle_RCPT(  # noqa: N802 - the name is the server's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        name = address.partition("@")[0]
        answers = {
            "permanent": "550 5.1.1 No such user here",
            "temporary": f"451 4.3.0 Try later, {PASSWORD}",
            "limited": "450 4.7.1 Greylisted",
        }
        if name == "slow":
            await asyncio.sleep(WAIT * 3)
        if name not in answers:
            envelope.rcpt_tos.append(address)
        return answers.get(name, "250 OK")

    async def handle_DATA(  # noqa: N802 - the name is the server's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.arrived.append((envelope.rcpt_tos[0], content))
        return "250 2.0.0 Taken"


def _sign_in(server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=good)


@asynccontextmanager
async def _email() -> AsyncIterator[Rig]:
    arrived: list[tuple[str, bytes]] = []

    def conversation() -> SMTP:
        with warnings.catch_warnings():
            # The server warns of a password without TLS; on loopback that is what we want.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(
                _MailServer(arrived),
                hostname="mail.example",
                authenticator=_sign_in,
                auth_required=True,
                auth_require_tls=False,
                loop=asyncio.get_running_loop(),
            )

    server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    channel = get_channel("email").open(
        {
            "url": f"smtp://standfast:{PASSWORD}@127.0.0.1:{port}",
            "sender": "Standfast <status@provider.example>",
            "timeout": WAIT,
        }
    )
    try:
        yield Rig(channel, "{}@tenant.example".format, arrived)
    finally:
        await channel.close()
        server.close()


@asynccontextmanager
async def _webhook() -> AsyncIterator[Rig]:
    arrived: list[tuple[str, bytes]] = []

    async def hook(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        body = await request.read()
        match name:
            case "permanent":
                return web.Response(status=410, text="Hook deleted")
            case "temporary":
                return web.Response(status=500, text=f"Oops {PASSWORD_AS_SECRET}")
            case "limited":
                return web.Response(status=429, headers={"Retry-After": "120"})
            case "slow":
                await asyncio.sleep(WAIT * 3)
        arrived.append((name, body))
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/{name}", hook)
    runner = web.AppRunner(app, shutdown_timeout=WAIT)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    channel = get_channel("webhook").open({"allowed_hosts": ["127.0.0.1"], "timeout": WAIT})
    try:
        yield Rig(
            channel,
            f"http://127.0.0.1:{port}/{{}}".format,
            arrived,
            secrets=(PASSWORD_AS_SECRET,),
        )
    finally:
        await channel.close()
        await runner.cleanup()


RIGS: dict[str, Callable[[], AbstractAsyncContextManager[Rig]]] = {
    "email": _email,
    "webhook": _webhook,
}
