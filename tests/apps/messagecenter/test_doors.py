"""A maintenance by its id alone opens on the page that its reader may see, or on none."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from standfast.apps.incidents.queries.doors import Door
from standfast.apps.messagecenter.queries.doors import door_to_maintenance
from standfast.apps.tenancy.models import User
from tests.factories import make_member, make_provider, make_user
from tests.factories_incidents import World, make_world
from tests.factories_messages import draft_maintenance, schedule_maintenance

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def outsiders(world: World) -> list[User | AnonymousUser]:
    return [
        make_member(world.alice, "admin"),
        make_member(make_provider(), "owner"),
        make_user(),
        AnonymousUser(),
    ]


def test_each_reader_has_a_door_of_its_own_or_none(world: World) -> None:
    reference = schedule_maintenance(world, components=(world.second,)).reference
    viewer, staff = make_member(world.provider, "viewer"), make_member(world.charlie, "staff")
    assert door_to_maintenance(viewer, reference) == Door("console", "northlight")
    assert door_to_maintenance(staff, reference) == Door("portal", "charlie")
    assert [door_to_maintenance(each, reference) for each in outsiders(world)] == [None] * 4


def test_what_is_public_opens_for_everybody_else_on_the_public_page(world: World) -> None:
    found = schedule_maintenance(world, components=(world.second,), is_public=True)
    public = Door("public", "northlight")
    assert [door_to_maintenance(each, found.reference) for each in outsiders(world)] == [public] * 4
    answer = Client().get(f"/maintenance/{found.reference}/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/status/northlight/maintenance/{found.reference}/"


def test_a_draft_opens_in_the_console_alone(world: World) -> None:
    draft = draft_maintenance(world, is_public=True)
    owner = make_member(world.provider, "owner")
    assert door_to_maintenance(owner, draft.reference) == Door("console", "northlight")
    assert [door_to_maintenance(each, draft.reference) for each in outsiders(world)] == [None] * 4
    assert Client().get(f"/maintenance/{draft.reference}/").status_code == 404
    assert Client().get("/maintenance/MC1/").status_code == 404
