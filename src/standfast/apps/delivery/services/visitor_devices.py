"""Push to a visitor's device: told what is public, without an address or an account.

The browser's permission is the confirmation: only this browser can be reached under the address
that it gives, so nobody can have a stranger told.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.services.devices import CHANNEL, Device
from standfast.apps.delivery.services.visitors import MOST_AN_HOUR
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.sealing import seal

KINDS = ("incident", "advisory", "maintenance")


def keep_visitor_device(
    *, provider: Organisation, device: Device, language: str, now: datetime
) -> None:
    """Tell this device what is public; once, however often asked.

    Raises Refused (language, device) for what cannot be used and when too many ask at a time.
    """
    if language not in LANGUAGES:
        raise Refused("language", _("Choose one of the languages offered."))
    rows = _of(provider, device.address)
    again = {"secret": seal(device.keys), "is_active": True, "stopped_because": ""}
    if rows.update(**again, language=language):
        return
    lately = Subscription.objects.filter(
        organisation=provider, is_public=True, created_at__gt=now - timedelta(hours=1)
    )
    if lately.count() >= MOST_AN_HOUR:
        raise Refused(
            "device", _("Too many people subscribe at this moment; try again in an hour.")
        )
    try:
        with transaction.atomic():
            Subscription.objects.create(
                organisation=provider,
                channel=CHANNEL,
                address=device.address,
                secret=seal(device.keys),
                kinds=list(KINDS),
                language=language,
                is_public=True,
                confirmed_at=now,
                unsubscribe_key=secrets.token_urlsafe(32),
                created_at=now,
            )
    except IntegrityError:  # asked for twice at the same moment
        rows.update(**again, language=language)


def forget_visitor_device(*, provider: Organisation, address: str) -> None:
    """Tell this device no more; whoever knows its address is the device itself."""
    _of(provider, address).delete()


def _of(provider: Organisation, address: str) -> QuerySet[Subscription]:
    return Subscription.objects.filter(
        organisation=provider, channel=CHANNEL, address=address, is_public=True
    )
