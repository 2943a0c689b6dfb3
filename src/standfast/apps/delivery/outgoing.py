"""The channels as this installation runs them: the operator's settings to each channel."""

from __future__ import annotations

from django.conf import settings

from standfast.channels.contract import Channel, Listener
from standfast.channels.kind import ChannelKind
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.registry import CHANNELS, get_channel


def channel_kinds() -> list[str]:
    """Every channel that there is."""
    return list(CHANNELS)


def usable_channels() -> list[ChannelKind]:
    """Those that can send here: the operator gave them what they cannot do without."""
    return [channel for channel in CHANNELS.values() if is_usable(channel)]


def written_channels() -> list[ChannelKind]:
    """Those that an organisation may add by writing down an address."""
    return [each for each in usable_channels() if not each.social and not each.keyed]


def is_usable(channel: ChannelKind) -> bool:
    """Whether every required setting of the channel is given."""
    given = settings.STANDFAST_CHANNELS[channel.kind]
    return all(given[option.name] for option in channel.options if option.required)


def open_channel(kind: str) -> Channel:
    """The channel, ready to send. Raises ConfigError naming the setting that is wrong."""
    channel = get_channel(kind)
    return channel.open(_shared() | settings.STANDFAST_CHANNELS[channel.kind])


def refuse_unsafe(address: str) -> None:
    """Raise PermanentFailure when the address, by how it is written, is in a private network or
    would be sent to in the clear.

    So it is told to whoever writes it down, and not to the log of what failed.
    """
    OutgoingConfig.parse(_shared()).guard.check_written(address)


def open_listener(kind: str) -> Listener | None:
    """What reads the mentions of an account; None where nobody can be heard."""
    channel = get_channel(kind)
    if channel.listen is None:
        return None
    return channel.listen(_shared() | settings.STANDFAST_CHANNELS[channel.kind])


def _shared() -> dict[str, object]:
    """What this installation says to every channel; each takes what it needs."""
    return {
        "allow_private": settings.STANDFAST_ALLOW_PRIVATE_WEBHOOKS,
        "allowed_hosts": settings.STANDFAST_PRIVATE_HOSTS,
        "url": settings.STANDFAST_EMAIL_URL,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "vapid_key": settings.STANDFAST_VAPID.private,
    }
