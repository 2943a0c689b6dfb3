"""Slack, over an incoming webhook, in blocks."""

from __future__ import annotations

from typing import Final

from standfast.channels.kind import ChannelKind
from standfast.channels.slack.send import normalise, open_slack
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="slack",
    name=gettext_noop("Slack"),
    icon="brand-slack",
    open=open_slack,
    normalise=normalise,
    needs=frozenset({"internet", "chat.slack"}),
    address_label=gettext_noop("Incoming webhook"),
    address_help=gettext_noop(
        "Made in Slack under “Incoming Webhooks”: https://hooks.slack.com/services/…"
    ),
    apart=True,
    hides=True,
)
