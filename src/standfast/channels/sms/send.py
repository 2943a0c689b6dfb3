"""The SMS channel: the operator's gateway, told in Apprise's way, writes to a telephone number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from standfast.channels import details
from standfast.channels.apprise.send import AppriseChannel
from standfast.channels.contract import AddressRefused, ConfigError, Message, TemporaryFailure
from standfast.channels.options import Option, text
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.words import said, with_link
from standfast.engine.health.refusal import gettext_noop

OPTIONS: Final = (
    Option(
        "gateway",
        "STANDFAST_SMS_GATEWAY",
        "Apprise address of the gateway that sends text messages, with {to} where the number goes, "
        "such as twilio://SID:TOKEN@FROM/{to}; without it SMS is not offered.",
        secret=True,
        required=True,
    ),
)
#: Two messages' worth, in the alphabet of telephones and in any other.
PLAIN, ANY = 306, 134
_NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SPACING: Final = re.compile(r"[\s().-]+")


def open_sms(settings: Mapping[str, object]) -> AppriseChannel:
    """The channel, from `gateway`. Raises `ConfigError`."""
    gateway = text(settings, "gateway")
    if gateway and "{to}" not in gateway:
        # The value is not repeated: it holds a password.
        raise ConfigError("gateway", gettext_noop("Write {to} where the telephone number goes."))

    def address_of(message: Message) -> str:
        if not gateway:
            raise TemporaryFailure(details.NOT_SET_UP)
        return gateway.replace("{to}", normalise(message.address))

    return AppriseChannel(OutgoingConfig.parse(settings), address_of=address_of, texts=_texts)


def normalise(address: str) -> str:
    """The number with its country, as “+886912345678”. Raises `AddressRefused`."""
    plain = _SPACING.sub("", address)
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if not _NUMBER.fullmatch(plain):
        raise AddressRefused(
            gettext_noop("Write the number with its country, such as +886 912 345 678.")
        )
    return plain


def _texts(message: Message, _: Any) -> tuple[str, str]:
    words = said(message)
    limit = PLAIN if (words.title + words.body).isascii() else ANY
    # A link longer than that is sent all the same: it is what the reader needs.
    return "", with_link(words, max(limit, len(words.link) + 40))
