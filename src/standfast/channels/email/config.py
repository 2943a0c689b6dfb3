"""Where mails go out, and in whose name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from standfast.channels.contract import ConfigError
from standfast.channels.email.addresses import parse_sender
from standfast.channels.options import number, text
from standfast.engine.health.refusal import gettext_noop

PORTS: Final[Mapping[str, int]] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True, slots=True)
class EmailConfig:
    """Settings of the e-mail channel; `folder` set means writing files instead of SMTP.

    `timeout` is in seconds and holds for each step of a conversation.
    """

    sender: Address
    host: str = ""
    port: int = 25
    tls: str = "none"
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    folder: Path | None = None
    connections: int = 8
    timeout: float = 20.0

    @classmethod
    def parse(cls, settings: Mapping[str, object]) -> EmailConfig:
        """From `url`, `sender`, `connections` and `timeout`; raises `ConfigError` naming one.

        `url` is smtp://user:password@host:port?tls=starttls|tls|none, or folder:PATH.
        """
        sender = parse_sender(text(settings, "sender"))
        connections = int(number(settings, "connections", 8, low=1, high=64))
        timeout = number(settings, "timeout", 20.0, low=0.1, high=300)
        url = text(settings, "url")
        if url.startswith("folder:") and url != "folder:":
            folder = Path(url.removeprefix("folder:"))
            return cls(sender, folder=folder, connections=connections, timeout=timeout)
        host, port, tls, username, password = _server(url)
        return cls(
            sender,
            host=host,
            port=port,
            tls=tls,
            username=username,
            password=password,
            connections=connections,
            timeout=timeout,
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return tuple(filter(None, (self.password,)))


def _server(url: str) -> tuple[str, int, str, str, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    tls = parse_qs(parts.query).get("tls", ["none"])[0]
    if parts.scheme != "smtp" or not parts.hostname or tls not in PORTS:
        # The value is not repeated: it may hold a password.
        raise ConfigError(
            "url",
            gettext_noop(
                "Write smtp://user:password@host:port?tls=starttls (or tls, none), or folder:PATH."
            ),
        )
    return (
        parts.hostname,
        port or PORTS[tls],
        tls,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
