"""The channels that Standfast speaks: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from standfast.channels.contract import Channel, ConfigError
from standfast.channels.email.addresses import normalise as mail_address
from standfast.channels.email.config import EmailConfig
from standfast.channels.email.send import EmailChannel
from standfast.channels.webhook.addresses import normalise as web_address
from standfast.channels.webhook.config import WebhookConfig
from standfast.channels.webhook.send import WebhookChannel
from standfast.engine.health.refusal import gettext_noop


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One kind of channel.

    `open` makes a channel from the operator's settings and raises `ConfigError`; `normalise` gives
    an address its one spelling and raises `AddressRefused`. `signed` channels need a secret in each
    message. `name` is marked for translation, `icon` is one of the interface's icons.
    """

    kind: str
    name: str
    icon: str
    open: Callable[[Mapping[str, object]], Channel]
    normalise: Callable[[str], str]
    signed: bool = False


def _open_email(settings: Mapping[str, object]) -> Channel:
    return EmailChannel(EmailConfig.parse(settings))


def _open_webhook(settings: Mapping[str, object]) -> Channel:
    return WebhookChannel(WebhookConfig.parse(settings))


CHANNELS: Mapping[str, ChannelKind] = {
    channel.kind: channel
    for channel in (
        ChannelKind("email", gettext_noop("E-mail"), "mail", _open_email, mail_address),
        ChannelKind(
            "webhook", gettext_noop("Webhook"), "webhook", _open_webhook, web_address, signed=True
        ),
    )
}


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
