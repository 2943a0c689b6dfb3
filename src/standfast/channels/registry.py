"""The channels that Standfast speaks: one line each."""

from __future__ import annotations

from collections.abc import Mapping

from standfast.channels import (
    apprise,
    bluesky,
    discord,
    email,
    mastodon,
    slack,
    sms,
    teams,
    telegram,
    webhook,
    webpush,
    x,
)
from standfast.channels.contract import ConfigError
from standfast.channels.kind import ChannelKind
from standfast.engine.health.refusal import gettext_noop

# In the order in which people are offered them.
CHANNELS: Mapping[str, ChannelKind] = {
    channel.KIND.kind: channel.KIND
    for channel in (
        email,
        webpush,
        slack,
        teams,
        discord,
        telegram,
        sms,
        webhook,
        apprise,
        mastodon,
        bluesky,
        x,
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
