"""Addresses as they are typed: in the one spelling of their channel, and safe to send to."""

from __future__ import annotations

from standfast.apps.delivery.outgoing import refuse_unsafe
from standfast.apps.delivery.queries.wording import detail_in_words
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.tenancy.errors import Refused
from standfast.channels.contract import PermanentFailure
from standfast.channels.kind import ChannelKind


def kept_address(kind: ChannelKind, address: str) -> str:
    """The address as it is kept. Raises Refused (address)."""
    try:
        with by_the_rules():
            kept = kind.normalise(address)
            refuse_unsafe(kept)
    except PermanentFailure as unsafe:
        raise Refused("address", detail_in_words(str(unsafe))) from unsafe
    return kept
