"""An account on Bluesky."""

from __future__ import annotations

from typing import Final

from standfast.channels.bluesky.send import normalise, open_bluesky
from standfast.channels.kind import ChannelKind
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="bluesky",
    name=gettext_noop("Bluesky"),
    icon="brand-bluesky",
    open=open_bluesky,
    normalise=normalise,
    needs=frozenset({"internet", "social.bluesky"}),
    address_label=gettext_noop("Handle"),
    address_help=gettext_noop(
        "Such as status.bsky.social; on a server of your own https://pds.example/status.example."
    ),
    secret_label=gettext_noop("App password"),
    secret_help=gettext_noop("Made on Bluesky under “Privacy and security”; not your password."),
    keyed=True,
    social=True,
    threaded=True,
)
