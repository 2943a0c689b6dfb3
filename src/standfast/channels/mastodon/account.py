"""The address of an account, and what its server allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from yarl import URL

from standfast.channels.contract import AddressRefused, TemporaryFailure
from standfast.channels.outgoing import addresses
from standfast.channels.outgoing.client import Client
from standfast.engine.health.refusal import gettext_noop

#: What servers allow unless they say otherwise.
CHARACTERS, LINK = 500, 23
#: A server is asked again after so long.
_ASKED_AGAIN: Final = timedelta(hours=12)
_DESCRIPTION: Final = 200_000
_NAME: Final = re.compile(r"/@[A-Za-z0-9_.-]{1,60}", re.ASCII)


def normalise(address: str) -> str:
    """“https://server/@name”. Raises `AddressRefused`."""
    plain = addresses.normalise(address) if "://" in address else ""
    if not plain or not _NAME.fullmatch(URL(plain).path.rstrip("/")):
        raise AddressRefused(
            gettext_noop("Write the account's address like https://mastodon.example/@status.")
        )
    return plain.rstrip("/")


def endpoint(address: str, path: str) -> URL:
    """An address of the account's server. Raises `AddressRefused`."""
    return URL(normalise(address)).origin().with_path(path)


def signed_in(secret: str) -> Mapping[str, str]:
    """The header that shows who we are."""
    return {"Authorization": f"Bearer {secret}"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a post may be there, and what a link counts."""

    characters: int = CHARACTERS
    link: int = LINK


class Servers:
    """The limits of the servers that were asked."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, tuple[datetime, Limits]] = {}

    async def limits(self, address: str, *, now: datetime) -> Limits:
        """What the account's server allows; the usual when it does not say."""
        url = endpoint(address, "/api/v2/instance")
        at, known = self._known.get(str(url), (None, Limits()))
        if at is None or now >= at + _ASKED_AGAIN:
            try:
                answer = await self._client.request("GET", url, limit=_DESCRIPTION)
            except TemporaryFailure:
                return known
            known = _limits(answer.json()) if answer.ok else known
            self._known[str(url)] = (now, known)
        return known


def _limits(described: Mapping[str, object]) -> Limits:
    configuration = described.get("configuration")
    statuses = configuration.get("statuses") if isinstance(configuration, dict) else None
    if not isinstance(statuses, dict):
        return Limits()
    return Limits(
        characters=_whole(statuses.get("max_characters"), CHARACTERS, low=100, high=20_000),
        link=_whole(statuses.get("characters_reserved_per_url"), LINK, low=1, high=100),
    )


def _whole(value: object, default: int, *, low: int, high: int) -> int:
    return value if isinstance(value, int) and low <= value <= high else default
