"""Visitors of a public page: told what is public, after they have confirmed their address.

Nobody learns whether an address is subscribed: asking for it always looks the same, and the answer
goes to the address itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Service
from standfast.apps.catalog.queries.public import public_services
from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.services.auditing import audit
from standfast.apps.delivery.services.confirming import GOOD_FOR, ask_to_confirm, write_about
from standfast.apps.delivery.services.wishes import checked_kinds, normalised_address
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.models import Organisation

_VISITOR = "visitor of the public page"
# New addresses of one page in an hour: nobody can have strangers written to in great numbers.
MOST_AN_HOUR = 500


@dataclass(frozen=True, slots=True)
class VisitorWish:
    """`services` are ids of public services, empty for all."""

    address: str
    services: Collection[int] = ()
    kinds: Collection[str] = ("incident", "advisory", "maintenance")
    language: str = "en"


def subscribe_visitor(*, provider: Organisation, wish: VisitorWish, now: datetime) -> None:
    """Ask the address to confirm, or remind it that it is subscribed already.

    Says nothing about which. Raises Refused (address, services, kinds, language).
    """
    address = normalised_address("email", wish.address)
    services, kinds = _checked(provider, wish)
    _check_rush(provider, now)
    with transaction.atomic():
        found = _visitor(provider, address, now)
        if found.confirmed_at is not None and found.is_active:
            write_about(subscription=found, kind="subscribed", now=now)
            return
        Subscription.objects.filter(pk=found.pk).update(
            kinds=kinds,
            language=wish.language,
            is_active=True,
            stopped_because="",
            confirmed_at=None,
        )
        found.refresh_from_db()
        found.services.set(services)
        ask_to_confirm(subscription=found, now=now)


@transaction.atomic
def change_visitor(*, subscription: Subscription, wish: VisitorWish, now: datetime) -> None:
    """Change what a visitor is told; the address stays. Raises Refused."""
    services, kinds = _checked(subscription.organisation, wish)
    Subscription.objects.filter(pk=subscription.pk).update(kinds=kinds, language=wish.language)
    subscription.services.set(services)
    audit("subscription.changed", subscription, Actor.system(_VISITOR), now)


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete what nobody confirmed in time. Returns how many."""
    stale = Subscription.objects.filter(
        is_public=True, confirmed_at__isnull=True, created_at__lt=now - 2 * GOOD_FOR
    )
    still_open = stale.filter(confirm_until__gt=now).values("id")
    count, _by_kind = stale.exclude(pk__in=still_open).delete()
    return count


def _checked(provider: Organisation, wish: VisitorWish) -> tuple[list[Service], list[str]]:
    kinds = checked_kinds(wish.kinds)
    if wish.language not in LANGUAGES:
        raise Refused("language", _("Choose one of the languages offered."))
    usable = {service.pk: service for service in public_services(provider)}
    if not usable.keys() >= set(wish.services):
        raise Refused("services", _("Choose among the services on this page."))
    return [usable[pk] for pk in sorted(set(wish.services))], kinds


def _check_rush(provider: Organisation, now: datetime) -> None:
    lately = Subscription.objects.filter(
        organisation=provider, is_public=True, created_at__gt=now - timedelta(hours=1)
    )
    if lately.count() >= MOST_AN_HOUR:
        raise Refused(
            "address", _("Too many people subscribe at this moment; try again in an hour.")
        )


def _visitor(provider: Organisation, address: str, now: datetime) -> Subscription:
    rows = Subscription.objects.filter(
        organisation=provider, channel="email", address=address, is_public=True
    )
    if found := rows.first():
        return found
    try:
        with transaction.atomic():
            made = Subscription.objects.create(
                organisation=provider,
                channel="email",
                address=address,
                is_public=True,
                unsubscribe_key=secrets.token_urlsafe(32),
                created_at=now,
            )
    except IntegrityError:  # asked for twice at the same moment
        return rows.get()
    audit("subscription.asked", made, Actor.system(_VISITOR), now)
    return made
