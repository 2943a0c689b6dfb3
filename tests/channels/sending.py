"""Sends messages in a process of its own, which trusts the certificates that `SSL_CERT_FILE` names.

The first argument is JSON: for each message the channel's kind, its settings and the address.
Prints their outcomes as JSON.
"""

from __future__ import annotations

import json
import sys

import uvloop

from standfast.channels.registry import get_channel
from tests.channels.briefs import NOW, message

Told = tuple[str, dict[str, object], str]


async def _send(kind: str, settings: dict[str, object], address: str) -> list[str]:
    channel = get_channel(kind).open(settings)
    one = message(address=address, secrets=("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",))
    try:
        (outcome,) = await channel.send_many([one], now=NOW)
    finally:
        await channel.close()
    return [outcome.result, outcome.detail]


async def _send_all(told: list[Told]) -> list[list[str]]:
    return [await _send(*each) for each in told]


if __name__ == "__main__":
    # The worker's own kind of loop (delivery/services/sending.py).
    sys.stdout.write(json.dumps(uvloop.run(_send_all(json.loads(sys.argv[1])))))
