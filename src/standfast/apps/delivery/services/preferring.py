"""The order in which a person's channels are used."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.services.auditing import audit
from standfast.apps.tenancy.actor import Actor


@transaction.atomic
def move_subscription(*, subscription: Subscription, up: bool, by: Actor, now: datetime) -> None:
    """Change places with the channel before (`up`) or after; nothing at the end of the list."""
    own = Subscription.objects.select_for_update().filter(
        organisation=subscription.organisation_id, user=subscription.user_id, is_public=False
    )
    order = list(own.order_by("rank", "id"))
    place = next((at for at, one in enumerate(order) if one.pk == subscription.pk), None)
    if place is None or subscription.user_id is None:
        return
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for rank, one in enumerate(order):  # anew, so that equal ranks part
        if one.rank != rank:
            Subscription.objects.filter(pk=one.pk).update(rank=rank)
    audit("subscription.moved", subscription, by, now)
