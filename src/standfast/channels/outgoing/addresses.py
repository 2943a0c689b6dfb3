"""Web addresses that people write down, in one spelling."""

from __future__ import annotations

from typing import Final

from yarl import URL

from standfast.channels.contract import AddressRefused
from standfast.engine.health.refusal import gettext_noop

LONGEST: Final = 500
#: Shorter parts of an address tell nobody anything.
_TELLING: Final = 8


def normalise(address: str) -> str:
    """The web address in one spelling (host in lower case and ASCII, no fragment).

    Raises `AddressRefused` unless it is http(s) with a host, without name and password.
    """
    return str(parsed(address))


def parsed(address: str) -> URL:
    """The same, ready to be called."""
    plain = address.strip()
    try:
        url = URL(plain)
        port = url.port
    except ValueError:
        url, port = URL(), None
    is_clean = plain.isprintable() and " " not in plain and len(plain) <= LONGEST
    if not is_clean or url.scheme not in {"http", "https"} or not url.host or not port:
        raise AddressRefused(
            gettext_noop("This is not a web address; write it like https://example.org/hook.")
        )
    if url.user is not None or url.password is not None:
        raise AddressRefused(
            gettext_noop("Put no name and password into the address; the signature proves us.")
        )
    return url.with_fragment(None) if url.raw_fragment else url


def telling_parts(address: str) -> list[str]:
    """The parts of a web address that are as good as a password, for whoever hides them."""
    try:
        url = URL(address)
    except ValueError:
        return []
    parts = [*url.raw_path.split("/"), *url.path.split("/"), *url.query.values()]
    return [part for part in {*parts, url.raw_query_string} if len(part) >= _TELLING]
