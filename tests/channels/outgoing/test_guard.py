from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from standfast.channels.contract import AddressRefused, Content, Message, Outcome, PermanentFailure
from standfast.channels.outgoing.addresses import normalise
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.guard import Guard, GuardedResolver, is_public
from standfast.channels.webhook.send import WebhookChannel
from tests.channels.webhook.receiver import NOW, SECRET


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" https://Hooks.Example/A?b=C#d ", "https://hooks.example/A?b=C"),
        ("http://hooks.example:8080/", "http://hooks.example:8080/"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
    ],
)
def test_an_address_has_one_spelling(written: str, meant: str) -> None:
    assert normalise(written) == meant
    assert normalise(meant) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "hooks.example/x",
        "ftp://hooks.example/x",
        "file:///etc/passwd",
        "https://",
        "https://hooks.example:99999/",
        "https://hooks.example/a b",
        "https://hooks.example/\r\nX: y",
        "https://[::1",
        "https://hooks.example/" + "x" * 500,
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(AddressRefused, match="not a web address"):
        normalise(written)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(AddressRefused, match="no name and password") as refusal:
        normalise("https://me:s3cret@hooks.example/")

    assert "s3cret" not in str(refusal.value)


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "64:ff9b:1::a00:1",
    "::10.0.0.1",
    "::ffff:0:127.0.0.1",
    "192.0.0.8",
    "3fff::1",
    "5f00::1",
]
PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"]


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_addresses_are_known_however_wrapped(ip: str) -> None:
    assert not is_public(ip_address(ip))
    with pytest.raises(PermanentFailure, match="private network"):
        Guard().check("hooks.example", ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_may_be_called(ip: str) -> None:
    assert is_public(ip_address(ip))
    Guard().check("hooks.example", ip)


def test_the_operator_may_allow_one_host_or_all() -> None:
    one = Guard(allowed_hosts=frozenset({"hooks.internal"}))

    one.check("Hooks.Internal.", "10.0.0.1")
    Guard(allow_private=True).check("anything", "127.0.0.1")
    with pytest.raises(PermanentFailure):
        one.check("db.internal", "10.0.0.1")


def test_an_address_written_in_numbers_is_checked_too() -> None:
    Guard().check_literal("hooks.example")
    Guard().check_literal("93.184.216.34")
    for literal in ("127.0.0.1", "fe80::1%eth0", "::1"):
        with pytest.raises(PermanentFailure):
            Guard().check_literal(literal)


class Rebinding(AbstractResolver):
    """Answers with the next list of addresses at each question, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host, host=ip, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for ip in found
        ]

    async def close(self) -> None:
        pass


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    resolver = GuardedResolver(Guard(), Rebinding(["93.184.216.34", "127.0.0.1"]))

    with pytest.raises(PermanentFailure, match=r"hooks\.example is in a private network"):
        asyncio.run(resolver.resolve("hooks.example", 443))


def test_the_checked_addresses_are_those_connected_to() -> None:
    rebinding = Rebinding(["93.184.216.34"], ["127.0.0.1"])
    resolver = GuardedResolver(Guard(), rebinding)

    found = asyncio.run(resolver.resolve("hooks.example", 443))

    assert [result["host"] for result in found] == ["93.184.216.34"]
    assert rebinding.asked == 1
    with pytest.raises(PermanentFailure):
        asyncio.run(resolver.resolve("hooks.example", 443))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{}/hook",
        "http://localhost:{}/hook",
        "http://2130706433:{}/hook",
        "http://0x7f.1:{}/hook",
        "http://[::1]:{}/hook",
        "http://[::ffff:127.0.0.1]:{}/hook",
    ],
)
def test_the_channel_never_connects_to_this_machine(address: str) -> None:
    knocked = 0

    async def knock(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal knocked
        knocked += 1
        writer.close()

    async def run() -> list[Outcome]:
        server = await asyncio.start_server(knock, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        channel = WebhookChannel(OutgoingConfig(timeout=30))
        message = Message("k1", address.format(port), Content("s", "t"), secrets=(SECRET,))
        try:
            return await channel.send_many([message], now=NOW)
        finally:
            await channel.close()
            server.close()

    (outcome,) = asyncio.run(run())
    assert outcome.result == "permanent"
    assert "private network" in outcome.detail or "not a host that can be called" in outcome.detail
    assert knocked == 0
