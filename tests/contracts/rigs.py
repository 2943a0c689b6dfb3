"""A fake receiver for each channel: real servers on loopback that do as they are told."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from standfast.channels.contract import Channel
from standfast.channels.registry import get_channel
from tests.contracts.browser import BROWSER

# The contract tests look for these in errors.
PASSWORD = "swordfish-7781"
PASSWORD_AS_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
# Seconds: what a silent receiver is given, and what all others are given, on a machine that may
# stand still for some.
WAIT, PLENTY = 0.6, 30.0


@dataclass
class Rig:
    """A receiver, a channel that is open towards it, and what arrived (one item per message)."""

    channel: Channel
    address: Callable[[str], str]
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    keys: Callable[[str], tuple[str, ...]] = lambda _: ()
    settings: Mapping[str, object] = field(default_factory=dict)


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
            await asyncio.sleep(2 * PLENTY)
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
async def _email(*, timeout: float = PLENTY) -> AsyncIterator[Rig]:
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
            "timeout": timeout,
        }
    )
    try:
        yield Rig(channel, "{}@tenant.example".format, arrived)
    finally:
        await channel.close()
        server.close()


async def _endless(request: web.Request) -> web.StreamResponse:
    """An answer of 10 GB: refused by whoever looks at the beginning only."""
    response = web.StreamResponse(headers={"Content-Length": str(10 * 2**30)})
    await response.prepare(request)
    with suppress(ConnectionError):
        while True:
            await response.write(b"x" * 65_536)
    return response


@asynccontextmanager
async def _http(
    kind: str,
    path: str = "/{name}",
    *,
    settings: Mapping[str, object] | None = None,
    address: Callable[[int, str], str] = lambda port, name: (
        f"http://127.0.0.1:{port}/{PASSWORD}/{name}"
    ),
    named: Callable[[web.Request, bytes], str] = lambda request, _: request.match_info["name"],
    gone: Callable[[], web.Response] = lambda: web.Response(status=410, text="Hook deleted"),
    taken: Callable[[], web.Response] = lambda: web.Response(text="ok"),
    read: Callable[[bytes], bytes] = lambda body: body,
    keys: Callable[[str], tuple[str, ...]] = lambda _: (),
    root: str = f"/{PASSWORD}",
    also: Callable[[web.Application], object] = lambda _: None,
    echo: tuple[str, ...] = (PASSWORD,),
    timeout: float = PLENTY,
) -> AsyncIterator[Rig]:
    """A web server that does what the name in the address (or in the body) says."""
    arrived: list[tuple[str, bytes]] = []

    async def hook(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        name = named(request, body)
        match name:
            case "permanent":
                return gone()
            case "temporary":
                return web.Response(status=500, text=f"Oops {' '.join(echo)}")
            case "limited":
                return web.Response(status=429, headers={"Retry-After": "120"})
            case "moved":
                raise web.HTTPFound(f"/{PASSWORD}/anna")
            case "huge":
                return await _endless(request)
            case "slow":
                await asyncio.sleep(2 * PLENTY)
        arrived.append((name, read(body)))
        return taken()

    app = web.Application()
    app.router.add_post(f"{root}{path}", hook)
    also(app)
    runner = web.AppRunner(app, shutdown_timeout=WAIT)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    home = f"http://127.0.0.1:{port}{root}"
    place = home.partition("://")[2]
    given = {
        name: str(value).format(home=home, place=place) for name, value in (settings or {}).items()
    }
    channel = get_channel(kind).open({"allowed_hosts": ["127.0.0.1"], "timeout": timeout, **given})
    try:
        yield Rig(channel, lambda name: address(port, name), arrived, keys, given)
    finally:
        await channel.close()
        await runner.cleanup()


def _telegram_chat(_: int, name: str) -> str:
    return f"@{name}_chat"


def fake_sessions(app: web.Application) -> None:
    """Sign in whoever has a handle."""

    async def sign_in(request: web.Request) -> web.Response:
        name = (await request.json())["identifier"].partition(".")[0]
        return web.json_response({"did": "did:plc:a", "accessJwt": f"jwt-{name}"})

    app.router.add_post("/xrpc/com.atproto.server.createSession", sign_in)


def fake_me(app: web.Application) -> None:
    """Know whoever asks."""

    async def me(request: web.Request) -> web.Response:
        return web.json_response({"data": {"id": "1", "username": "anna"}})

    app.router.add_get("/2/users/me", me)


NUMBERS = {
    name: f"+88691200000{number}"
    for number, name in enumerate(
        ["anna", "bo", "cleo", "dan", "permanent", "temporary", "limited", "slow", "huge", "moved"]
    )
}
NAMES = {number: name for name, number in NUMBERS.items()}


RIGS: dict[str, Callable[..., AbstractAsyncContextManager[Rig]]] = {
    "email": _email,
    "webhook": partial(
        _http,
        "webhook",
        keys=lambda _: (PASSWORD_AS_SECRET,),
        echo=(PASSWORD, PASSWORD_AS_SECRET),
    ),
    "slack": partial(_http, "slack", gone=lambda: web.Response(status=404, text="no_service")),
    "teams": partial(_http, "teams", taken=lambda: web.Response(status=202)),
    "discord": partial(
        _http,
        "discord",
        gone=lambda: web.json_response({"code": 10015}, status=404),
        taken=lambda: web.json_response({"id": "1189"}),
    ),
    "telegram": partial(
        _http,
        "telegram",
        "/bot{token}/sendMessage",
        settings={"token": PASSWORD_AS_SECRET, "api": "{home}"},
        address=_telegram_chat,
        named=lambda _, body: json.loads(body)["chat_id"].removeprefix("@").partition("_")[0],
        gone=lambda: web.json_response({"description": "chat not found"}, status=400),
        taken=lambda: web.json_response({"result": {"message_id": 7}}),
        echo=(PASSWORD_AS_SECRET,),
    ),
    "webpush": partial(
        _http,
        "webpush",
        settings={"vapid_key": BROWSER.vapid_key},
        gone=lambda: web.Response(status=410),
        taken=lambda: web.Response(status=201),
        read=BROWSER.read,
        keys=lambda _: (BROWSER.secret,),
        echo=(PASSWORD, BROWSER.secret, *json.loads(BROWSER.secret).values()),
    ),
    "sms": partial(
        _http,
        "sms",
        settings={"gateway": "json://{place}/{{to}}"},
        address=lambda _, name: NUMBERS[name],
        named=lambda request, _: NAMES[request.match_info["name"]],
    ),
    "apprise": partial(
        _http,
        "apprise",
        address=lambda port, name: f"json://127.0.0.1:{port}/{PASSWORD}/{name}",
    ),
    "mastodon": partial(
        _http,
        "mastodon",
        "/api/v1/statuses",
        root="",
        address=lambda port, name: f"http://127.0.0.1:{port}/@{name}",
        named=lambda request, _: request.headers["Idempotency-Key"].rpartition("-")[2],
        gone=lambda: web.json_response({"error": "The access token was revoked"}, status=401),
        taken=lambda: web.json_response({"id": "1101"}),
        keys=lambda _: (PASSWORD_AS_SECRET,),
        echo=(PASSWORD_AS_SECRET,),
    ),
    "bluesky": partial(
        _http,
        "bluesky",
        "/xrpc/com.atproto.repo.putRecord",
        root="",
        also=fake_sessions,
        address=lambda port, name: f"http://127.0.0.1:{port}/{name}.bsky.example",
        named=lambda request, _: request.headers["Authorization"].rpartition("-")[2],
        gone=lambda: web.json_response({"error": "AuthMissing"}, status=401),
        taken=lambda: web.json_response({"uri": "at://did:plc:a/app.bsky.feed.post/3", "cid": "b"}),
        keys=lambda _: (PASSWORD_AS_SECRET,),
        echo=(PASSWORD_AS_SECRET,),
    ),
    "x": partial(
        _http,
        "x",
        "/2/tweets",
        root="",
        settings={"api": "{home}"},
        also=fake_me,
        address=lambda _, name: f"@{name}",
        named=lambda request, _: request.headers["Authorization"].split('"')[1].partition("-")[0],
        gone=lambda: web.json_response({"title": "Unauthorized"}, status=401),
        taken=lambda: web.json_response({"data": {"id": "1101"}}, status=201),
        keys=lambda name: (f"{name}-key secret token {PASSWORD_AS_SECRET}",),
        echo=(PASSWORD_AS_SECRET,),
    ),
}
