"""Subscriptions, as the people who own them and the worker see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from standfast.apps.catalog.models import Service
from standfast.apps.delivery.confirming import hash_of
from standfast.apps.delivery.models import (
    Delivery,
    IssueWish,
    OrganisationDefaults,
    QuietHours,
    Subscription,
)
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation, User
from standfast.apps.tenancy.queries.access import Access
from standfast.channels.registry import CHANNELS


def own_subscriptions(access: Access) -> list[Subscription]:
    """What the person chose for itself in this organisation."""
    if not access.may("subscription.own"):
        return []
    return list(_rows(access).filter(user=access.user).order_by("rank", "id"))


def own_devices(access: Access) -> list[Subscription]:
    """The person's devices that are told for this organisation, be it as tenant or as provider."""
    if not access.may("subscription.own"):
        return []
    devices = [kind for kind, channel in CHANNELS.items() if channel.keyed and channel.personal]
    mine = Subscription.objects.filter(
        organisation=access.organisation, user=access.user, channel__in=devices, is_public=False
    )
    return list(mine.order_by("id"))


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


def visitor_by_key(key: str) -> Subscription | None:
    """A visitor's subscription by the key in its mails, with which it may be changed."""
    found = subscription_by_key(key)
    return found if found is not None and found.is_public else None


def subscription_by_token(token: str, *, now: datetime) -> Subscription | None:
    """The subscription that a link to confirm is for, while the link is good."""
    rows = Subscription.objects.select_related("organisation", "user")
    found = rows.filter(confirm_hash=hash_of(token), is_active=True).first()
    is_good = found is not None and found.confirm_until is not None and now < found.confirm_until
    return found if is_good else None


def nobody_is_told(organisation: Organisation) -> bool:
    """Whether the organisation has no working subscription at all."""
    told = Subscription.objects.filter(organisation=organisation, is_active=True, is_public=False)
    return not told.exists()


def defaults_of(organisation: Organisation) -> OrganisationDefaults | None:
    """What the organisation's administrators set for its people."""
    return OrganisationDefaults.objects.filter(organisation=organisation).first()


def quiet_hours_of(user: User) -> QuietHours | None:
    """When the person is left alone; None when it chose nothing."""
    return QuietHours.objects.filter(user=user).first()


def issues_chosen(access: Access) -> list[IssueWish]:
    """The open issues that the person follows or mutes, newest first."""
    rows = IssueWish.objects.filter(user=access.user, issue__stage="published")
    return list(rows.select_related("issue__service").order_by("-id")[:50])


def services_to_choose(organisation: Organisation) -> list[Service]:
    """The services that the tenant uses."""
    rows = Service.objects.filter(tenant_subscriptions__tenant=organisation)
    return list(rows.distinct().select_related("provider"))


def last_tries(subscription: Subscription, *, limit: int = 5) -> list[Delivery]:
    """The newest deliveries of a subscription, for its owner."""
    rows = Delivery.objects.filter(subscription=subscription).select_related(
        "notice__issue", "notice__message_update__message"
    )
    return list(rows.order_by("-id")[:limit])


def _rows(access: Access) -> QuerySet[Subscription]:
    if access.face != "tenant":
        raise NoAccess
    rows = Subscription.objects.filter(organisation=access.organisation, is_public=False)
    return rows.select_related("organisation", "user").prefetch_related("services", "regions")
