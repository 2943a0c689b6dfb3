"""An account on a Mastodon server."""

from __future__ import annotations

from typing import Final

from standfast.channels.kind import ChannelKind
from standfast.channels.mastodon.hear import open_listener
from standfast.channels.mastodon.send import normalise, open_mastodon
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="mastodon",
    name=gettext_noop("Mastodon"),
    icon="brand-mastodon",
    open=open_mastodon,
    normalise=normalise,
    needs=frozenset({"internet", "social.mastodon"}),
    address_label=gettext_noop("Address of the account"),
    address_help=gettext_noop("Such as https://mastodon.example/@status."),
    secret_label=gettext_noop("Access token"),
    secret_help=gettext_noop(
        "Made on that server under “Development”, with the scopes read:accounts,"
        " read:notifications and write:statuses."
    ),
    keyed=True,
    social=True,
    threaded=True,
    listen=open_listener,
)
