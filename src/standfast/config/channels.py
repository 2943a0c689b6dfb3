"""The channels' own options, from the environment."""

from __future__ import annotations

from standfast.channels.registry import CHANNELS
from standfast.config import env


def channel_options() -> dict[str, dict[str, str]]:
    """What the operator gave, by kind of channel and name of the option; empty when nothing."""
    return {
        kind: {
            option.name: env.secret(option.variable, option.help)
            if option.secret
            else env.text(option.variable, "", option.help)
            for option in channel.options
        }
        for kind, channel in CHANNELS.items()
    }
