"""Mail addresses: one plain form, so that nothing can hide in one."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Final

from standfast.channels.contract import AddressRefused, ConfigError
from standfast.engine.health.refusal import gettext_noop

LONGEST: Final = 254
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN: Final = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@({_LABEL}(?:\.{_LABEL})*)", re.ASCII)


def normalise(address: str) -> str:
    """The address in lower case, an international domain in its ASCII form.

    Raises `AddressRefused` for anything but one plain name@domain.
    """
    plain = address.strip()
    name, at, domain = plain.rpartition("@")
    if at and not domain.isascii():
        try:
            plain = f"{name}@{domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            plain = ""
    match = _PLAIN.fullmatch(plain)
    if match is None or len(plain) > LONGEST or len(match[1]) > 64:
        raise AddressRefused(
            gettext_noop("“%(address)s” is not a mail address; write it like name@example.org."),
            address=address[:80],
        )
    return plain.lower()


def parse_sender(value: str) -> Address:
    """“Name <name@domain>” or a bare address; raises `ConfigError` for the field sender."""
    name, address = parseaddr(value)
    if not address or any(ord(character) < 32 for character in value):
        raise ConfigError(
            "sender", gettext_noop("Write the sender like Standfast <status@example.org>.")
        )
    try:
        return Address(display_name=name, addr_spec=normalise(address))
    except AddressRefused as error:
        raise ConfigError("sender", error.template, **error.params) from None
