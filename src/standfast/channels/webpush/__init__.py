"""Push messages to browsers and installed pages, encrypted for the one that subscribed."""

from __future__ import annotations

from typing import Final

from standfast.channels.kind import ChannelKind
from standfast.channels.webpush.send import normalise, open_webpush
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="webpush",
    name=gettext_noop("Push message"),
    icon="device-mobile",
    open=open_webpush,
    normalise=normalise,
    needs=frozenset({"internet", "push.web"}),
    address_label=gettext_noop("Address of the browser"),
    address_help=gettext_noop("The browser gives it when you allow push messages on this page."),
    keyed=True,
    personal=True,
    bulk=True,
    apart=True,
)
