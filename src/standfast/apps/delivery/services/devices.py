"""Push to a device: its browser gives an address with keys, renews it, and takes it back.

An address belongs to whoever allowed push messages in that browser last: somebody else's
subscription of the same address ends, so that nobody reads another person's messages.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.services.subscriptions import delete_subscription
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.models import Organisation, User
from standfast.apps.tenancy.sealing import seal
from standfast.apps.tenancy.services.audit import record
from standfast.channels.contract import AddressRefused
from standfast.channels.registry import get_channel
from standfast.channels.webpush.sealing import Keys

CHANNEL = "webpush"
KINDS = ("incident", "advisory", "maintenance", "message", "review")
LONGEST_ADDRESS, LONGEST_KEYS = 500, 1_000


@dataclass(frozen=True, slots=True)
class Device:
    """What a browser gives when somebody allows push messages."""

    address: str
    keys: str

    @classmethod
    def parse(cls, told: object) -> Device:
        """From the browser's own JSON (`PushSubscription.toJSON`). Raises Refused (device)."""
        found: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
        address, keys = found.get("endpoint"), found.get("keys")
        stored = json.dumps(keys, sort_keys=True) if isinstance(keys, Mapping) else ""
        try:
            usable = get_channel(CHANNEL).normalise(address if isinstance(address, str) else "")
        except AddressRefused:
            usable = ""
        too_long = len(usable) > LONGEST_ADDRESS or len(stored) > LONGEST_KEYS
        if not usable or too_long or Keys.parse(stored) is None:
            raise Refused(
                "device", _("Your browser gave no usable push address; update it and try again.")
            )
        return cls(usable, stored)


@transaction.atomic
def keep_device(
    *,
    organisation: Organisation,
    user: User,
    device: Device,
    language: str,
    by: Actor,
    now: datetime,
) -> Subscription:
    """Let this device tell the person of the organisation's services; once, however often asked.

    It is told in addition to what the person chose: a phone in the pocket is no alternative to a
    mailbox. Raises Refused (language).
    """
    if language not in LANGUAGES:
        raise Refused("language", _("Choose one of the languages offered."))
    same = Subscription.objects.filter(channel=CHANNEL, address=device.address)
    for other in same.exclude(user=user):
        delete_subscription(subscription=other, by=by, now=now)
    mine = same.filter(organisation=organisation, user=user).first()
    if mine is not None:
        Subscription.objects.filter(pk=mine.pk).update(
            secret=seal(device.keys), is_active=True, stopped_because="", language=language
        )
        mine.refresh_from_db()
        return mine
    made = Subscription.objects.create(
        organisation=organisation,
        user=user,
        channel=CHANNEL,
        address=device.address,
        secret=seal(device.keys),
        kinds=list(KINDS),
        language=language,
        always=True,
        unsubscribe_key=secrets.token_urlsafe(32),
        created_at=now,
    )
    record(
        by=by,
        organisation=organisation,
        action="subscription.created",
        kind="subscription",
        key=made.pk,
        now=now,
        channel=CHANNEL,
        address=made.shown_address,
        own=True,
    )
    return made


@transaction.atomic
def forget_device(
    *, organisation: Organisation, user: User, address: str, by: Actor, now: datetime
) -> int:
    """End what this device was told of the organisation. Returns how many subscriptions ended."""
    rows = Subscription.objects.filter(
        organisation=organisation, user=user, channel=CHANNEL, address=address
    )
    found = list(rows)
    for row in found:
        delete_subscription(subscription=row, by=by, now=now)
    return len(found)


@transaction.atomic
def renew_device(*, before: str, device: Device, now: datetime) -> int:
    """The browser changed its address by itself: whoever knows the old one may say the new one.

    One that was paused stays so. Returns how many subscriptions follow. Raises NoAccess when there
    is none.
    """
    rows = Subscription.objects.select_for_update().filter(channel=CHANNEL, address=before)
    found = list(rows)
    if not found:
        raise NoAccess
    followed = 0
    for row in found:
        twin = Subscription.objects.filter(
            organisation=row.organisation_id,
            user=row.user_id,
            channel=CHANNEL,
            address=device.address,
        ).exclude(pk=row.pk)
        if twin.exists():
            delete_subscription(subscription=row, by=Actor.system("push renewal"), now=now)
            continue
        row.address, row.secret = device.address, seal(device.keys)
        if row.stopped_because:  # by its dead address, which is over
            row.is_active, row.stopped_because = True, ""
        row.save(update_fields=["address", "secret", "is_active", "stopped_because"])
        followed += 1
    return followed
