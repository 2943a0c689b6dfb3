"""Text messages to telephones, over the operator's gateway."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from standfast.channels.kind import ChannelKind
from standfast.channels.sms.send import OPTIONS, normalise, open_sms
from standfast.engine.health.refusal import gettext_noop

KIND: Final = ChannelKind(
    kind="sms",
    name=gettext_noop("SMS"),
    icon="phone",
    open=open_sms,
    normalise=normalise,
    needs=frozenset({"sms"}),
    address_label=gettext_noop("Telephone number"),
    address_help=gettext_noop("With its country, such as +886 912 345 678."),
    personal=True,
    asks=True,
    patience=timedelta(minutes=3),
    options=OPTIONS,
)
