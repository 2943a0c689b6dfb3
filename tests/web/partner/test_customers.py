"""A partner's page: its customers by live delegation, whoever needs it first on top."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from standfast.apps.tenancy.models import Delegation, Organisation
from tests.factories import (
    make_delegation,
    make_member,
    make_partner,
    make_placement,
    make_tenant,
)
from tests.factories_incidents import World, make_world, on
from tests.web.portal.readers import open_issue, page, signed_in, words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def agent_of(partner: Organisation) -> Client:
    return signed_in(make_member(partner, "partner_agent"))


def customers(agent: Client, partner: Organisation) -> str:
    response = agent.get(reverse("partner:customers", args=[partner.slug]))
    assert response.status_code == 200
    return words(response.content)


def a_partner_of(*tenants: Organisation) -> Organisation:
    partner = make_partner("summit", name="Summit")
    for tenant in tenants:
        make_delegation(partner, tenant, "message_reader")
    return partner


@pytest.fixture
def world() -> World:
    return make_world()


def test_who_needs_somebody_comes_first(world: World) -> None:
    partner = a_partner_of(world.alice, world.bob, world.charlie)
    open_issue(world, on(world.second), ago=HOUR)
    shown = customers(agent_of(partner), partner)
    assert "2 of your 3 customers have a problem. Bob needs you first." in shown
    assert shown.index("Bob") < shown.index("Charlie") < shown.index("Alice")
    assert "Bob (70) Charlie (5)" in shown
    assert "Dora" not in shown


def test_a_calm_day(world: World) -> None:
    partner = a_partner_of(world.alice)
    shown = customers(agent_of(partner), partner)
    assert "No customer needs you" in shown
    assert "No customer has an open issue." in shown


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_a_delegation_that_is_over_shows_nothing(world: World, end: str) -> None:
    partner = a_partner_of(world.alice, world.charlie)
    issue = open_issue(world, on(world.first), ago=HOUR)
    agent = agent_of(partner)
    assert issue.reference in customers(agent, partner)
    gone = datetime.now(UTC) - timedelta(seconds=1)
    Delegation.objects.filter(tenant=world.alice).update(**{end: gone})
    shown = customers(agent, partner)
    assert "Alice" not in shown
    assert issue.reference not in shown
    assert agent.get(reverse("portal:dashboard", args=[world.alice.slug])).status_code == 404


def test_a_customers_portal_says_for_whom_one_acts(world: World) -> None:
    partner = a_partner_of(world.alice)
    agent = agent_of(partner)
    response = agent.get(reverse("portal:dashboard", args=[world.alice.slug]))
    html = response.content.decode()
    assert "You are acting for <strong>Alice</strong> as partner Summit." in html
    own = signed_in(make_member(world.alice, "admin"))
    assert (
        b"banner-acting"
        not in own.get(reverse("portal:dashboard", args=[world.alice.slug])).content
    )


def test_the_people_of_another_partner_see_nothing(world: World) -> None:
    partner = a_partner_of(world.alice)
    other = agent_of(make_partner("others"))
    assert other.get(reverse("partner:customers", args=[partner.slug])).status_code == 404
    assert other.get(reverse("portal:dashboard", args=[world.alice.slug])).status_code == 404


def test_no_customers_yet(world: World) -> None:
    partner = a_partner_of()
    assert "No customer lets you act for it yet." in customers(agent_of(partner), partner)


def test_the_page_costs_the_same_with_many_customers(
    world: World, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    partner = a_partner_of(world.alice)
    open_issue(world, on(world.first), ago=HOUR)
    agent = agent_of(partner)
    customers(agent, partner)
    for number in range(12):
        tenant = make_tenant(f"customer-{number}")
        make_placement(tenant, world.first, world.service, 3)
        make_delegation(partner, tenant)
        open_issue(world, on(world.first), ago=HOUR)
    customers(agent, partner)
    with django_assert_max_num_queries(9):
        assert "customers have a problem" in customers(agent, partner)


def test_a_customers_issue_is_one_click_away(world: World) -> None:
    partner = a_partner_of(world.alice)
    issue = open_issue(world, on(world.first), ago=HOUR)
    agent = agent_of(partner)
    html = agent.get(reverse("partner:customers", args=[partner.slug])).content.decode()
    address = reverse("portal:issue", args=[world.alice.slug, issue.reference])
    assert f'href="{address}"' in html
    assert "Mailboxes are slow" in page(agent, "issue", world.alice, issue.reference)
