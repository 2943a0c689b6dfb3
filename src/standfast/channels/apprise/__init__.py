"""Every other service, by way of Apprise: those of `services`, past the same guard as ours."""

from __future__ import annotations

from typing import Final

from standfast.channels.apprise.send import normalise, open_apprise
from standfast.channels.kind import ChannelKind
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="apprise",
    name=gettext_noop("Another service"),
    icon="message",
    open=open_apprise,
    normalise=normalise,
    needs=frozenset({"internet"}),
    address_label=gettext_noop("Address as Apprise writes it"),
    address_help=gettext_noop(
        "For example ntfys://ntfy.example.org/topic, gchat://…, pagerduty://… or webex://…"
    ),
    hides=True,
)
