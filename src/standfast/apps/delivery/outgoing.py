"""The channels as this installation runs them: the operator's settings to each channel's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings

from standfast.channels.contract import Channel
from standfast.channels.registry import CHANNELS, get_channel


def _email() -> Mapping[str, object]:
    return {"url": settings.STANDFAST_EMAIL_URL, "sender": settings.DEFAULT_FROM_EMAIL}


def _webhook() -> Mapping[str, object]:
    return {"allow_private": settings.STANDFAST_ALLOW_PRIVATE_WEBHOOKS}


_SETTINGS: Mapping[str, Callable[[], Mapping[str, object]]] = {
    "email": _email,
    "webhook": _webhook,
}


def channel_kinds() -> list[str]:
    """Every channel that there is."""
    return list(CHANNELS)


def open_channel(kind: str) -> Channel:
    """The channel, ready to send. Raises ConfigError naming the setting that is wrong."""
    return get_channel(kind).open(_SETTINGS.get(kind, dict)())
