"""Subscriptions, as the people who own them and the worker see them."""

from __future__ import annotations

from django.db.models import QuerySet

from standfast.apps.catalog.models import Service
from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import Access


def own_subscriptions(access: Access) -> list[Subscription]:
    """What the person chose for itself in this organisation."""
    if not access.may("subscription.own"):
        return []
    return list(_rows(access).filter(user=access.user))


def organisation_subscriptions(access: Access) -> list[Subscription]:
    """What the organisation's administrators set up for all: team mailboxes, webhooks."""
    if not access.may("subscription.manage"):
        return []
    return list(_rows(access).filter(user__isnull=True))


def get_subscription_for(access: Access, subscription_id: int) -> Subscription:
    """One subscription that the person may change. Raises NoAccess."""
    found = _rows(access).filter(pk=subscription_id).first()
    if found is None:
        raise NoAccess
    is_own = found.user_id == access.user.pk and access.may("subscription.own")
    if is_own or (found.user_id is None and access.may("subscription.manage")):
        return found
    raise NoAccess


def subscription_by_key(key: str) -> Subscription | None:
    """The subscription that an unsubscribe link names; whoever has the link may end it."""
    rows = Subscription.objects.select_related("organisation", "user")
    return rows.filter(unsubscribe_key=key).first() if key else None


def nobody_is_told(organisation: Organisation) -> bool:
    """Whether the organisation has no working subscription at all."""
    return not Subscription.objects.filter(organisation=organisation, is_active=True).exists()


def services_to_choose(organisation: Organisation) -> list[Service]:
    """The services that the tenant uses."""
    rows = Service.objects.filter(tenant_subscriptions__tenant=organisation)
    return list(rows.distinct().select_related("provider"))


def last_tries(subscription: Subscription, *, limit: int = 5) -> list[Delivery]:
    """The newest deliveries of a subscription, for its owner."""
    rows = Delivery.objects.filter(subscription=subscription).select_related("notice__issue")
    return list(rows.order_by("-id")[:limit])


def _rows(access: Access) -> QuerySet[Subscription]:
    if access.face != "tenant":
        raise NoAccess
    rows = Subscription.objects.filter(organisation=access.organisation)
    return rows.select_related("organisation", "user").prefetch_related("services")
