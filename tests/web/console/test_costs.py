"""Pages cost the same number of queries, however much there is to show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from standfast.apps.incidents.services.updating import post_update
from tests.factories import SYSTEM, make_component, make_placement, make_tenant
from tests.factories_incidents import World, make_world, on
from tests.web.console.visitors import at, draft, published, recently, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def queries(client: Client, address: str) -> int:
    client.get(address)  # caches of the process are filled
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["home", "issues", "promises"])
def test_lists_of_issues_cost_the_same(world: World, name: str) -> None:
    client, address = visitor(world), at(world, name)
    published(world, on(world.first))
    draft(world, on(world.first))
    before = queries(client, address)
    for _each in range(6):
        published(world, on(world.first, unclear=True))
        draft(world, on(world.first))
    assert queries(client, address) == before


def test_an_issue_costs_the_same_with_many_posts(world: World) -> None:
    issue = published(world, on(world.first))
    client, address = visitor(world), at(world, "issue", issue.reference)

    def post() -> None:
        post_update(
            issue=issue,
            version=None,
            body={"en": "News."},
            status="serviceDegradation",
            by=SYSTEM,
            now=recently(),
        )

    post()
    before = queries(client, address)
    for _each in range(6):
        post()
    assert queries(client, address) == before


def test_the_picker_costs_the_same_with_many_components_and_tenants(world: World) -> None:
    client = visitor(world)
    address = f"{at(world, 'scope')}?c={world.region.pk}&q=MBX&t=a"
    before = queries(client, address)
    for number in range(8):
        database = make_component(world.provider, f"MBX-9{number}", below=world.server)
        make_placement(make_tenant(f"ara-{number}"), database, world.service, 50 + number)
    assert queries(client, address) == before
