from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from standfast.apps.incidents.queries.doors import Door, door_to
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.tenancy.models import User
from tests.factories import NOW, SYSTEM, make_member, make_provider, make_user
from tests.factories_incidents import BODY, World, make_draft, make_world, on, publish_issue

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def world() -> World:
    return make_world()


def test_each_reader_has_a_door_of_its_own_or_none(world: World) -> None:
    reference = publish_issue(world, on(world.first)).issue.reference
    console = Door("console", "northlight")
    assert door_to(make_member(world.provider, "viewer"), reference, now=NOW) == console
    assert door_to(make_member(world.alice, "admin"), reference, now=NOW) == Door("portal", "alice")
    outsiders: list[User | AnonymousUser] = [
        make_member(world.charlie, "admin"),
        make_member(make_provider(), "owner"),
        make_user(),
        AnonymousUser(),
    ]
    assert [door_to(each, reference, now=NOW) for each in outsiders] == [None] * 4


def test_a_public_issue_opens_for_everybody_else_on_the_public_page(world: World) -> None:
    reference = publish_issue(world, on(world.first), is_public=True).issue.reference
    public = Door("public", "northlight")
    assert door_to(AnonymousUser(), reference, now=NOW) == public
    assert door_to(make_member(world.charlie, "admin"), reference, now=NOW) == public
    assert door_to(make_member(world.alice, "admin"), reference, now=NOW) == Door("portal", "alice")
    world.service.is_public = False
    world.service.save()
    assert door_to(AnonymousUser(), reference, now=NOW) is None


def test_the_released_keep_their_door(world: World) -> None:
    issue = publish_issue(world, on(world.server)).issue
    change_audience(
        issue=issue,
        version=None,
        scope=on(world.first),
        why="it is MBX-1",
        body=BODY,
        by=SYSTEM,
        now=LATER,
    )
    reader = make_member(world.charlie, "admin")
    assert door_to(reader, issue.reference, now=LATER) == Door("portal", "charlie")


def test_a_member_of_several_gets_the_tenant_that_was_told(world: World) -> None:
    reference = publish_issue(world, on(world.first)).issue.reference
    reader = make_member(world.charlie, "admin")
    make_member(world.bob, "admin", user=reader)
    assert door_to(reader, reference, now=NOW) == Door("portal", "bob")


def test_a_draft_opens_in_the_console_alone(world: World) -> None:
    reference = make_draft(world, on(world.first), is_public=True).reference
    assert door_to(make_member(world.provider, "owner"), reference, now=NOW) == Door(
        "console", "northlight"
    )
    assert door_to(make_member(world.alice, "admin"), reference, now=NOW) is None
    assert door_to(AnonymousUser(), reference, now=NOW) is None
    assert door_to(AnonymousUser(), "ML999999", now=NOW) is None
