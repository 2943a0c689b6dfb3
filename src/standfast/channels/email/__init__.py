"""E-mail over SMTP, or into a folder for trying things out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from standfast.channels.contract import Channel
from standfast.channels.email.addresses import normalise
from standfast.channels.email.config import EmailConfig
from standfast.channels.email.send import EmailChannel
from standfast.channels.kind import ChannelKind
from standfast.engine.health.refusal import gettext_noop


def _open(settings: Mapping[str, object]) -> Channel:
    return EmailChannel(EmailConfig.parse(settings))


KIND: Final = ChannelKind(
    kind="email",
    name=gettext_noop("E-mail"),
    icon="mail",
    open=_open,
    normalise=normalise,
    needs=frozenset({"mail"}),
    address_label=gettext_noop("E-mail address"),
    address_help=gettext_noop("A mailbox that people read, such as team@example.org."),
    personal=True,
    bulk=True,
    patience=timedelta(minutes=10),  # relays try again by themselves
)
