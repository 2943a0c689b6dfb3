"""Which subscriptions a provider's operators see and repair: those that can carry its notices.

A tenant's subscription for another provider's services is not their business, nor is what others
tell over one that they share.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from standfast.apps.catalog.models import Service
from standfast.apps.delivery.models import Delivery, IssueWish, Subscription
from standfast.apps.tenancy.models import Organisation
from standfast.engine.routing.notice import Wish

# Of no provider: about the subscription itself.
ABOUT_ITSELF = ("confirm", "subscribed", "test")


def in_reach(provider: Organisation) -> QuerySet[Subscription]:
    """Of its own people and visitors, and of tenants that use its services: those that chose all
    services or one of them, or whose person follows one of its open issues.
    """
    tenants = Organisation.objects.filter(service_subscriptions__service__provider=provider)
    chosen = Subscription.services.through.objects.filter(subscription=OuterRef("pk"))
    following = IssueWish.objects.filter(
        user=OuterRef("user"),
        wish=Wish.FOLLOW,
        issue__provider=provider,
        issue__stage="published",
    )
    return Subscription.objects.filter(
        Q(organisation__in=tenants.values("id"), is_public=False) | Q(organisation=provider),
        Q(~Exists(chosen))
        | Q(Exists(chosen.filter(service__provider=provider)))
        | Q(Exists(following)),
    )


def told_by(provider: Organisation) -> QuerySet[Delivery]:
    """What the provider told anybody, alone or together with others, and messages about a
    subscription itself."""
    covering = Delivery.objects.filter(covered_by=OuterRef("pk"), notice__provider=provider)
    return Delivery.objects.filter(
        Q(notice__provider=provider)
        | Q(notice__provider__isnull=True, notice__kind__in=ABOUT_ITSELF)
        | Q(notice__provider__isnull=True, notice__kind="digest") & Q(Exists(covering))
    )


def chosen_services(
    provider: Organisation, subscription: Subscription
) -> tuple[list[Service], int]:
    """The provider's own services among those chosen, and how many are of others, without names."""
    services = list(subscription.services.all())
    own = [service for service in services if service.provider_id == provider.pk]
    return own, len(services) - len(own)
