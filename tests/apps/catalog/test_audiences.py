"""Audiences with names: figures, splits, the largest tenants, and why."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from standfast.apps.catalog.queries.audiences import (
    audience_split,
    explain_tenant,
    regions_of,
    resolve_scope,
)
from standfast.engine.targeting import Scope
from tests.factories import (
    make_component,
    make_placement,
    make_provider,
    make_service,
    make_subscription,
    make_tenant,
)

pytestmark = pytest.mark.django_db


def test_an_audience_is_shown_by_region_by_service_and_by_tenant() -> None:
    provider = make_provider()
    east = make_component(provider, "EAST", kind="region")
    west = make_component(provider, "WEST", kind="region")
    mailboxes = make_component(provider, "MBX-1", below=east)
    exchange = make_service(provider, "exchange")
    large, small = make_tenant(name="Large"), make_tenant(name="Small")
    make_placement(large, mailboxes, exchange, users=214)
    make_placement(large, west, exchange, users=5000)
    make_placement(small, mailboxes, exchange, users=3)
    view = resolve_scope(provider, Scope(components=frozenset({mailboxes.pk})))
    assert (view.tenants, view.users) == (2, 217)
    assert [(s.component.key, s.tenants, s.users) for s in view.by_region] == [("EAST", 2, 217)]
    assert [(s.service.key, s.tenants, s.users) for s in view.by_service] == [("exchange", 2, 217)]
    first = view.largest[0]
    assert (first.tenant, first.users, first.users_total) == (large, 214, 5214)
    reason = first.because[0]
    assert (reason.kind, reason.component, reason.service) == ("placement", mailboxes, exchange)
    split = audience_split(provider, Scope(components=frozenset({mailboxes.pk})))
    assert split["regions"] == [{"key": "EAST", "name": "EAST", "tenants": 2, "users": 217}]
    assert split["services"][0]["tenants"] == 2


def test_an_audience_costs_the_same_queries_however_many_tenants(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    provider = make_provider()
    component, service = make_component(provider), make_service(provider)
    for _each in range(30):
        make_placement(make_tenant(), component, service)
    with django_assert_max_num_queries(16):
        resolve_scope(provider, Scope(components=frozenset({component.pk})))


def test_why_a_tenant_is_in_or_not() -> None:
    provider = make_provider()
    here, there = make_component(provider, "HERE"), make_component(provider, "THERE")
    service = make_service(provider)
    inside, outside, subscriber, stranger = (make_tenant() for _each in range(4))
    make_placement(inside, here, service, users=4)
    make_placement(outside, there, service, users=9)
    make_subscription(subscriber, service)
    scope = Scope(components=frozenset({here.pk}))
    why = explain_tenant(provider, scope, inside)
    assert (why.included, why.users, why.users_total) == (True, 4, 4)
    why = explain_tenant(provider, scope, outside)
    reason = why.reasons[0]
    assert not why.included
    assert (reason.kind, reason.component, reason.users) == ("no_placement_here", there, 9)
    assert explain_tenant(provider, scope, subscriber).reasons[0].kind == "no_placement"
    assert explain_tenant(provider, scope, stranger).reasons[0].kind == "not_subscribed"
    assert explain_tenant(provider, scope, provider).reasons[0].kind == "not_subscribed"


def test_nothing_is_told_about_what_a_tenant_has_from_another_provider() -> None:
    provider, other = make_provider(), make_provider()
    mine, theirs = make_service(provider), make_service(other)
    here, there = make_component(provider), make_component(other)
    make_placement(make_tenant(), here, mine)
    tenant = make_tenant()
    make_placement(tenant, there, theirs, users=77)
    why = explain_tenant(provider, Scope(components=frozenset({here.pk})), tenant)
    assert [(reason.kind, reason.users) for reason in why.reasons] == [("not_subscribed", 0)]
    assert why.users_total == 0


def test_an_unclear_scope_reaches_subscribers_whose_placement_is_unknown() -> None:
    provider = make_provider()
    here = make_component(provider, kind="region")
    service = make_service(provider)
    make_placement(make_tenant(), here, service, users=4)
    make_subscription(make_tenant(), service)
    make_subscription(make_tenant(), make_service(make_provider()))
    assert resolve_scope(provider, Scope(unclear=True)).tenants == 2


def test_top_components_stand_in_for_regions() -> None:
    provider = make_provider()
    top = make_component(provider, "TOP", kind="forest")
    make_component(provider, "LOW", below=top)
    assert regions_of(provider) == [top]
    region = make_component(provider, "R", kind="region", below=top)
    assert regions_of(provider) == [region]
