"""The guard that keeps what goes out of our own network, also when a name changes its address."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from standfast.channels import details
from standfast.channels.contract import PermanentFailure

_NAT64: Final = ip_network("64:ff9b::/96")
# All of IPv6 that has been given out for the Internet; what lies outside, such as a network's own
# translation to IPv4 (64:ff9b:1::/48), leads wherever that network wants.
_UNICAST: Final = ip_network("2000::/3")
# Names that no public server answers to.
_PRIVATE_NAMES: Final = (".localhost", ".local", ".internal", ".home.arpa")
# Kept back, which not every version of Python knows.
_KEPT_BACK: Final = (ip_network("192.0.0.0/24"), ip_network("3fff::/20"))


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the Internet, also one that is wrapped in an IPv6 address."""
    if isinstance(ip, IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour
        if wrapped is None and ip in _NAT64:
            wrapped = IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        if ip.teredo is not None or ip not in _UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in each for each in _KEPT_BACK)


@dataclass(frozen=True, slots=True)
class Guard:
    """Which hosts may be called: public ones, those of `allowed_hosts`, or any."""

    allow_private: bool = False
    allowed_hosts: frozenset[str] = frozenset()

    def permits_all(self, host: str) -> bool:
        """Whether the host may be called wherever it is."""
        return self.allow_private or host.lower().rstrip(".") in self.allowed_hosts

    def check(self, host: str, ip: str) -> None:
        """Raise `PermanentFailure` when `host`, found at `ip`, must not be called."""
        if not self.permits_all(host) and not is_public(ip_address(ip.partition("%")[0])):
            raise PermanentFailure(details.PRIVATE % {"host": host})

    def check_written(self, address: str) -> None:
        """Raise `PermanentFailure` for an address whose host is private by how it is written, or
        that would send in the clear over the Internet.

        What a name leads to shows at the connection only: it may be something else by then.
        """
        url = URL(address)
        host = (url.host or "").lower().rstrip(".")
        if not host or self.permits_all(host):
            return
        if f".{host}".endswith(_PRIVATE_NAMES):
            raise PermanentFailure(details.PRIVATE % {"host": host})
        self.check_literal(host)
        if url.scheme == "http":
            raise PermanentFailure(details.IN_THE_CLEAR % {"host": host})

    def check_literal(self, host: str) -> None:
        """The same for a host written as an IP address, which is never resolved."""
        try:
            ip_address(host.partition("%")[0])
        except ValueError:
            return
        self.check(host, host)


class GuardedResolver(AbstractResolver):
    """Resolves a name and checks every address found; the caller connects to just these.

    So a name cannot show a public address to the check and a private one to the connection.
    """

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None) -> None:
        self._guard = guard
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of `host`; raises `PermanentFailure` when one must not be called."""
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            self._guard.check(host, result["host"])
        return found

    async def close(self) -> None:
        """Close the resolver behind."""
        await self._resolver.close()
