"""An account on X."""

from __future__ import annotations

from typing import Final

from standfast.channels.kind import ChannelKind
from standfast.channels.x.send import normalise, open_x
from standfast.channels.x.signing import check_keys
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="x",
    name=gettext_noop("X"),
    icon="brand-x",
    open=open_x,
    normalise=normalise,
    needs=frozenset({"internet", "social.x"}),
    address_label=gettext_noop("Name of the account"),
    address_help=gettext_noop("Such as @nordlys_status."),
    secret_label=gettext_noop("Keys"),
    secret_help=gettext_noop(
        "Four words with a space between: API key, API secret, access token, access token secret."
    ),
    check_secret=check_keys,
    keyed=True,
    social=True,
    threaded=True,
)
