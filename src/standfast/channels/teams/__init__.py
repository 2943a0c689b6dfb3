"""Microsoft Teams, over a workflow's webhook, as an adaptive card."""

from __future__ import annotations

from typing import Final

from standfast.channels.kind import ChannelKind
from standfast.channels.teams.send import normalise, open_teams
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="teams",
    name=gettext_noop("Microsoft Teams"),
    icon="brand-teams",
    open=open_teams,
    normalise=normalise,
    needs=frozenset({"internet", "chat.teams"}),
    address_label=gettext_noop("Address of the workflow"),
    address_help=gettext_noop(
        "Made in Teams: the channel’s “Workflows”, “when a webhook request is received”."
    ),
    apart=True,
    hides=True,
)
