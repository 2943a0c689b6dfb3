"""The channels that Standfast speaks: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from standfast.channels.contract import Channel, ConfigError
from standfast.channels.email.addresses import normalise as mail_address
from standfast.channels.email.config import EmailConfig
from standfast.channels.email.send import EmailChannel
from standfast.channels.options import Option
from standfast.channels.outgoing.addresses import normalise as web_address
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.webhook.send import WebhookChannel
from standfast.engine.health.refusal import gettext_noop


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One kind of channel.

    `open` makes a channel from the operator's settings and raises `ConfigError`; `normalise` gives
    an address its one spelling and raises `AddressRefused`. `needs` are the words for what the
    channel depends on, as services say what they provide (`catalog.Service.capabilities`): while
    such a service is down, another channel is the safer one. `name`, `address_label` and
    `address_help` are marked for translation, `icon` is one of the interface's icons.

    `signed` channels sign with a secret that we make; `keyed` ones need keys that come with the
    address. `confirms`: “sent” means that the recipient's own program or device service took it,
    not only a server on the way. `personal`: one person may have it for itself. `social`: it
    speaks to everybody, from an account of the provider, and knows threads. `options` are settings
    that the operator gives for this channel alone.
    """

    kind: str
    name: str
    icon: str
    open: Callable[[Mapping[str, object]], Channel]
    normalise: Callable[[str], str]
    needs: frozenset[str]
    address_label: str
    address_help: str
    signed: bool = False
    keyed: bool = False
    confirms: bool = False
    personal: bool = False
    social: bool = False
    options: tuple[Option, ...] = ()


def _open_email(settings: Mapping[str, object]) -> Channel:
    return EmailChannel(EmailConfig.parse(settings))


def _open_webhook(settings: Mapping[str, object]) -> Channel:
    return WebhookChannel(OutgoingConfig.parse(settings))


_EMAIL: Final = ChannelKind(
    kind="email",
    name=gettext_noop("E-mail"),
    icon="mail",
    open=_open_email,
    normalise=mail_address,
    needs=frozenset({"mail"}),
    address_label=gettext_noop("Mail address"),
    address_help=gettext_noop("A mailbox that people read, such as team@example.org."),
    personal=True,
)
_WEBHOOK: Final = ChannelKind(
    kind="webhook",
    name=gettext_noop("Webhook"),
    icon="webhook",
    open=_open_webhook,
    normalise=web_address,
    needs=frozenset({"internet"}),
    address_label=gettext_noop("Address of your program"),
    address_help=gettext_noop("The https address that takes signed JSON."),
    signed=True,
    confirms=True,
)

CHANNELS: Mapping[str, ChannelKind] = {channel.kind: channel for channel in (_EMAIL, _WEBHOOK)}


def get_channel(kind: str) -> ChannelKind:
    """The channel of this kind; raises `ConfigError` for an unknown one."""
    try:
        return CHANNELS[kind]
    except KeyError:
        raise ConfigError(
            "channel",
            gettext_noop("“%(kind)s” is not a channel; use one of %(allowed)s."),
            kind=kind[:40],
            allowed=", ".join(CHANNELS),
        ) from None
