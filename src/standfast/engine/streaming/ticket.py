"""Tickets: what a page may follow, signed by the application, checked here without a database.

A ticket is `payload.signature`: URL-safe base64 of JSON, and its HMAC-SHA256. It says which
tenants' events (by number), which provider's console or public events the bearer may follow, in
which language, and until when. It opens no data: streams only say what the page itself could fetch.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass


class BadTicket(Exception):
    """The ticket is forged, damaged or has expired."""


class ExpiredTicket(BadTicket):
    """The ticket was good once: its page is old, and gets another one with itself."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """`tenants`: tenant numbers; `console`, `public`: provider ids; `expires`: epoch seconds."""

    tenants: tuple[int, ...]
    console: int | None
    public: int | None
    language: str
    expires: int


def write_ticket(ticket: Ticket, key: bytes) -> str:
    """Sign a ticket; the text fits in a URL."""
    body = base64.urlsafe_b64encode(
        json.dumps(asdict(ticket), separators=(",", ":"), sort_keys=True).encode()
    ).rstrip(b"=")
    return f"{body.decode()}.{_signature(body, key)}"


def read_ticket(text: str, key: bytes, *, now: float) -> Ticket:
    """Check and open a ticket. `now` in epoch seconds. Raises BadTicket, or
    ExpiredTicket for a genuine one whose time is over.
    """
    body, _, signature = text.encode("utf-8", "replace").partition(b".")
    if not hmac.compare_digest(_signature(body, key).encode(), signature):
        raise BadTicket("The signature does not fit.")
    try:
        values = json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
        ticket = Ticket(**{**values, "tenants": tuple(values["tenants"])})
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise BadTicket("The ticket cannot be read.") from error
    if ticket.expires <= now:
        raise ExpiredTicket("The ticket has expired.")
    return ticket


def _signature(body: bytes, key: bytes) -> str:
    return hmac.new(key, body, hashlib.sha256).hexdigest()
