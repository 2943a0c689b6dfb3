"""A receiver of webhooks on loopback that keeps what came and answers as told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from standfast.channels.contract import Content, Message, Outcome
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.guard import Guard
from standfast.channels.webhook.send import WebhookChannel

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
CONTENT = Content("s", "t", payload={"type": "issue.updated", "data": {"title": "郵件很慢"}})

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    headers: Mapping[str, str]
    body: bytes


def post(
    answer: Answer, *messages: Mapping[str, Any], timeout: float = 30.0
) -> tuple[list[Outcome], list[Received]]:
    """Send messages with these changes to a receiver that answers by `answer`."""
    received: list[Received] = []

    async def keep(request: web.Request) -> web.StreamResponse:
        received.append(Received(request.headers.copy(), await request.read()))
        return await answer(request)

    async def run() -> list[Outcome]:
        app = web.Application()
        app.router.add_post("/{path:.*}", keep)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        channel = WebhookChannel(OutgoingConfig(guard=Guard(allow_private=True), timeout=timeout))
        default: dict[str, Any] = {
            "address": f"http://127.0.0.1:{port}/hook",
            "content": CONTENT,
            "secrets": (SECRET,),
        }
        try:
            return await channel.send_many(
                [
                    Message(**{**default, "idempotency_key": f"k{number}", **changes})
                    for number, changes in enumerate(messages)
                ],
                now=NOW,
            )
        finally:
            await channel.close()
            await runner.cleanup()

    return asyncio.run(run()), received


async def fine(_: web.Request) -> web.StreamResponse:
    """Answer 200."""
    return web.Response(text="ok")
