"""Subscriptions and single placements."""

from __future__ import annotations

import pytest

from standfast.apps.catalog.index import current_index
from standfast.apps.catalog.models import Placement, ServiceSubscription
from standfast.apps.catalog.services.placements import remove_placement, set_placement
from standfast.apps.catalog.services.subscriptions import subscribe, unsubscribe
from standfast.apps.tenancy.errors import Refused
from standfast.engine.targeting import Scope, resolve
from tests.factories import (
    NOW,
    SYSTEM,
    make_component,
    make_placement,
    make_provider,
    make_service,
    make_subscription,
    make_tenant,
)

pytestmark = pytest.mark.django_db


def test_a_placement_is_set_changed_and_removed_and_the_index_follows() -> None:
    provider, tenant = make_provider(), make_tenant()
    component, service = make_component(provider), make_service(provider)
    scope = Scope(components=frozenset({component.pk}))

    def place(users: int) -> None:
        set_placement(
            tenant=tenant, component=component, service=service, users=users, by=SYSTEM, now=NOW
        )

    place(214)
    assert resolve(current_index(), scope).total_users == 214
    assert ServiceSubscription.objects.filter(tenant=tenant, service=service).exists()
    place(12)
    audience = resolve(current_index(), scope)
    assert (list(audience.tenants), audience.total_users) == ([tenant.number], 12)
    remove_placement(placement=Placement.objects.get(), by=SYSTEM, now=NOW)
    assert not Placement.objects.exists()
    assert not resolve(current_index(), scope).tenants


@pytest.mark.parametrize("users", [-1, 2**31])
def test_impossible_counts_are_refused(users: int) -> None:
    provider = make_provider()
    with pytest.raises(Refused, match=r"^users: "):
        set_placement(
            tenant=make_tenant(),
            component=make_component(provider),
            service=make_service(provider),
            users=users,
            by=SYSTEM,
            now=NOW,
        )
    assert not Placement.objects.exists()


def test_component_and_service_belong_together() -> None:
    with pytest.raises(Refused, match=r"^component: "):
        set_placement(
            tenant=make_tenant(),
            component=make_component(make_provider()),
            service=make_service(make_provider()),
            users=1,
            by=SYSTEM,
            now=NOW,
        )


def test_who_is_no_tenant_cannot_be_placed() -> None:
    provider = make_provider()
    with pytest.raises(Refused, match=r"^tenant: "):
        set_placement(
            tenant=provider,
            component=make_component(provider),
            service=make_service(provider),
            users=1,
            by=SYSTEM,
            now=NOW,
        )


def test_a_subscription_reaches_the_index_and_leaves_it() -> None:
    service, tenant = make_service(make_provider()), make_tenant()
    made = subscribe(tenant=tenant, service=service, seats=5, by=SYSTEM, now=NOW)
    assert list(current_index().subscriptions.of(service.pk)) == [tenant.number]
    assert subscribe(tenant=tenant, service=service, seats=9, by=SYSTEM, now=NOW) == made
    assert ServiceSubscription.objects.get().seats == 9
    unsubscribe(subscription=made, by=SYSTEM, now=NOW)
    assert not current_index().subscriptions.of(service.pk)


def test_a_subscription_with_placements_stays() -> None:
    provider, tenant = make_provider(), make_tenant()
    service = make_service(provider)
    subscription = make_subscription(tenant, service)
    make_placement(tenant, make_component(provider), service)
    with pytest.raises(Refused, match="still has 1 placements"):
        unsubscribe(subscription=subscription, by=SYSTEM, now=NOW)
