"""Every kind of transport with real TLS: a good certificate, an unknown one, another host's."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
import warnings
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import trustme
from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.channels.sending import Told

#: A receiver: given its certificate and what arrives, it gives its port while it listens.
Receiver = Callable[[ssl.SSLContext, list[bytes]], AbstractAsyncContextManager[int]]


@asynccontextmanager
async def _web(context: ssl.SSLContext, arrived: list[bytes]) -> AsyncIterator[int]:
    async def take(request: web.Request) -> web.Response:
        arrived.append(await request.read())
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _mail(
    context: ssl.SSLContext, arrived: list[bytes], *, from_the_start: bool
) -> AsyncIterator[int]:
    class Handler:
        async def handle_DATA(  # noqa: N802 - the name is the server's
            self, server: SMTP, session: Session, envelope: Envelope
        ) -> str:
            assert isinstance(envelope.content, bytes)
            assert session.authenticated
            arrived.append(envelope.content)
            return "250 Taken"

    def conversation() -> SMTP:
        with warnings.catch_warnings():
            # The server warns that it knows of no TLS: it is told of STARTTLS only.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(
                Handler(),
                hostname="localhost",
                authenticator=lambda *_: AuthResult(success=True),
                auth_required=True,
                auth_require_tls=not from_the_start,
                tls_context=None if from_the_start else context,
                require_starttls=not from_the_start,
                loop=asyncio.get_running_loop(),
            )

    server = await asyncio.get_running_loop().create_server(
        conversation, "127.0.0.1", 0, ssl=context if from_the_start else None
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _outcomes(certificate: trustme.LeafCert, trusted: str) -> dict[str, tuple[str, str, int]]:
    """By transport: the result, its detail and how many messages arrived."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    arrived: defaultdict[str, list[bytes]] = defaultdict(list)
    routes: dict[str, Told] = {}
    async with AsyncExitStack() as stack:

        async def listening(route: str, receiver: Receiver) -> int:
            return await stack.enter_async_context(receiver(context, arrived[route]))

        private: dict[str, object] = {"allow_private": True, "timeout": 30}
        port = await listening("webhook", _web)
        routes["webhook"] = ("webhook", private, f"https://localhost:{port}/hook")
        # What the address asks for does not weaken the check.
        for route, query in (("apprise", ""), ("apprise, verify=no", "?verify=no")):
            port = await listening(route, _web)
            routes[route] = ("apprise", private, f"jsons://localhost:{port}/hook{query}")
        for tls in ("tls", "starttls"):
            port = await listening(tls, partial(_mail, from_the_start=tls == "tls"))
            url = f"smtp://me:swordfish@localhost:{port}?tls={tls}"
            settings = {"url": url, "sender": "status@provider.example", "timeout": 30}
            routes[tls] = ("email", settings, "alice@tenant.example")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.channels.sending", json.dumps(list(routes.values()))),
            env={**os.environ, "SSL_CERT_FILE": trusted},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
    return {
        route: (result, detail, len(arrived[route]))
        for route, (result, detail) in zip(routes, json.loads(said), strict=True)
    }


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> str:
    """A file with the certificate of the authority that the sender trusts."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def test_a_certificate_of_a_trusted_authority_is_good(authority: trustme.CA, trusted: str) -> None:
    outcomes = asyncio.run(_outcomes(authority.issue_cert("localhost"), trusted))

    assert len(outcomes) == 5
    assert all(each[0] == "sent" and each[2] == 1 for each in outcomes.values()), outcomes


@pytest.mark.parametrize("fault", ["unknown authority", "another host"])
def test_any_other_certificate_is_refused_before_anything_is_said(
    fault: str, authority: trustme.CA, trusted: str
) -> None:
    certificate = (
        trustme.CA().issue_cert("localhost")
        if fault == "unknown authority"
        else authority.issue_cert("other.example")
    )

    outcomes = asyncio.run(_outcomes(certificate, trusted))

    refused = ("temporary", "localhost: its certificate is not valid", 0)
    assert outcomes == dict.fromkeys(outcomes, refused)
