"""What the demo's people chose: order of channels, quiet hours, digests; visitors' addresses."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import time, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.services.choices import QuietWish, choose_quiet_hours
from standfast.apps.delivery.services.defaults import save_defaults
from standfast.apps.delivery.services.subscriptions import create_subscription
from standfast.apps.delivery.services.wishes import Wish
from standfast.apps.tenancy.actor import Actor
from standfast.cli.demo.seeding.stored import Stored

HARROWMERE = "harrowmere-foods"
KINDS = ("incident", "advisory", "maintenance")
# Mail first; while Mail itself has an incident, the telephone is told as well.
_SUBSCRIBED = timedelta(days=90)
VISITORS = ("newsdesk", "ops", "it-help", "status-watch", "desk", "noc", "office", "team")


def store_choices(stored: Stored) -> None:
    """A second channel, quiet hours, a digest, defaults of an organisation, visitors."""
    at = stored.now - _SUBSCRIBED
    harrowmere = stored.tenants[HARROWMERE]
    admin, continuity, reader = (
        stored.people[f"{name}@{HARROWMERE}.example"] for name in ("admin", "continuity", "reader")
    )
    for person, wish in (
        (admin, Wish("webpush", _phone("maren"), kinds=KINDS, keys=_keys())),
        (continuity, Wish("email", continuity.email, kinds=KINDS)),
        (continuity, Wish("webpush", _phone("piers"), kinds=KINDS, keys=_keys())),
        (reader, Wish("email", reader.email, kinds=KINDS, digest="daily", digest_at=time(7, 30))),
    ):
        create_subscription(
            organisation=harrowmere, user=person, wish=wish, by=Actor.person(person), now=at
        )
    choose_quiet_hours(
        user=continuity, wish=QuietWish(is_on=True, start=time(21, 30), end=time(6, 30))
    )
    save_defaults(
        organisation=harrowmere,
        wish=Wish("email", admin.email, kinds=KINDS),
        quiet=QuietWish(is_on=True, start=time(22, 0), end=time(6, 0), breaks_at="critical"),
        for_new_members=True,
        by=Actor.person(admin),
        now=at,
    )
    _store_visitors(stored)


def _store_visitors(stored: Stored) -> None:
    """Some who confirmed, one who has not yet, one whose mailbox is gone."""
    at = stored.now - _SUBSCRIBED
    rows = [
        Subscription(
            organisation=stored.provider,
            channel="email",
            address=f"{name}@visitors.example",
            kinds=list(KINDS),
            is_public=True,
            confirm_until=at + timedelta(days=3),
            confirmed_at=at + timedelta(minutes=4),
            unsubscribe_key=secrets.token_urlsafe(32),
            created_at=at,
        )
        for name in VISITORS
    ]
    rows[-1].confirmed_at, rows[-1].created_at = None, stored.now - timedelta(hours=2)
    rows[-1].confirm_until = stored.now + timedelta(days=3)
    rows[-2].is_active = False
    rows[-2].stopped_because = "The address is gone: 550 5.1.1 no such mailbox"
    Subscription.objects.bulk_create(rows)


def _phone(name: str) -> str:
    """An address as a browser's push service gives it; in the demo nobody answers there."""
    return f"https://push.{HARROWMERE}.example/devices/{name}"


def _keys() -> str:
    """Keys as a browser makes them."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return json.dumps({"p256dh": _encoded(point), "auth": _encoded(secrets.token_bytes(16))})


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
