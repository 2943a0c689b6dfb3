"""Signed webhooks (Standard Webhooks) to the programs of tenants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from standfast.channels.contract import Channel
from standfast.channels.kind import ChannelKind
from standfast.channels.outgoing.addresses import normalise
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.webhook.send import WebhookChannel
from standfast.engine.health.refusal import gettext_noop


def _open(settings: Mapping[str, object]) -> Channel:
    return WebhookChannel(OutgoingConfig.parse(settings))


KIND: Final = ChannelKind(
    kind="webhook",
    name=gettext_noop("Webhook"),
    icon="webhook",
    open=_open,
    normalise=normalise,
    needs=frozenset({"internet"}),
    address_label=gettext_noop("Address of your program"),
    address_help=gettext_noop("The https address that takes signed JSON."),
    signed=True,
    confirms=True,
    bulk=True,
    apart=True,
)
