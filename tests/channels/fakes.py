"""A server on loopback that answers by path and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

Result = TypeVar("Result")
Answers = Mapping[str, Callable[["Asked"], web.Response]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    document: dict[str, Any] = field(default_factory=dict)


def with_server(
    answers: Answers, use: Callable[[str], Awaitable[Result]]
) -> tuple[Result, list[Asked]]:
    """Run `use` with the address of a server that answers by `answers` (path → answer)."""
    asked: list[Asked] = []

    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        one = Asked(
            request.method,
            request.path,
            dict(request.query),
            dict(request.headers),
            json.loads(body) if body else {},
        )
        asked.append(one)
        answer = answers.get(request.path)
        return answer(one) if answer else web.Response(status=404)

    async def run() -> Result:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            return await use(f"http://127.0.0.1:{runner.addresses[0][1]}")
        finally:
            await runner.cleanup()

    return asyncio.run(run()), asked
