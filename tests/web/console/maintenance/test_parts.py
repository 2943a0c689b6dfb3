"""The picker of the maintenance form: what the keys typed so far name, and what can be chosen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_component, make_placement, make_provider, make_tenant
from tests.factories_incidents import World, make_world
from tests.web.console.visitors import at, visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def asked(world: World, query: str = "", *, role: str = "communicator", **form: Any) -> Any:
    return visitor(world, role).post(at(world, "maintenance_parts") + query, form)


def toggled(response: Any) -> dict[str, bool]:
    """The keys that buttons toggle, chips first, with whether they are chosen."""
    found = re.findall(r'data-toggle-key="([^"]*)" class="([^"]*)"', response.content.decode())
    return {key: "primary" in looks or "chip" in looks for key, looks in found}


def test_what_is_chosen_shows_with_who_uses_it(world: World) -> None:
    answer = asked(world, components="MBX-1", services=world.service.pk)
    assert "MBX-1 Take out" in words(answer)
    assert "2 tenants, 244 users" in words(answer)
    assert toggled(answer) == {"MBX-1": True, "EU": False}


def test_without_components_the_whole_services_count(world: World) -> None:
    assert "The whole services." in words(asked(world, services=world.service.pk))
    assert "3 tenants, 319 users" in words(asked(world, services=world.service.pk))
    assert "Choose a service" in words(asked(world, components="MBX-1"))


def test_a_search_finds_keys_and_names_a_page_at_a_time(world: World) -> None:
    for number in range(20):
        make_component(
            world.provider, f"DISK-{number:02}", name=f"磁碟 {number}", below=world.server
        )
    answer = asked(world, q="磁碟")
    assert "20 components found" in words(answer)
    assert "Page 1 of 3" in words(answer)
    assert len(toggled(answer)) == 8
    assert "EU › SRV-1 › DISK-00" in words(answer)
    after = asked(world, "?q=磁碟&at=&page=3", q="磁碟")
    assert list(toggled(after)) == ["DISK-16", "DISK-17", "DISK-18", "DISK-19"]


def test_what_is_pressed_says_where_to_look_and_the_place_stays_otherwise(world: World) -> None:
    opened = asked(world, f"?q=&at={world.server.pk}&page=", q="mbx", at="")
    assert list(toggled(opened)) == ["MBX-1", "MBX-2"]
    assert f'name="at" value="{world.server.pk}"' in opened.content.decode()
    later = asked(world, at=world.server.pk, components="MBX-2")
    assert toggled(later) == {"MBX-2": True, "MBX-1": False}


def test_an_unknown_key_is_said_and_can_be_taken_out_again(world: World) -> None:
    answer = asked(world, components="MBX-1, NOWHERE", services=world.service.pk)
    assert "There is no component NOWHERE; copy its key from the catalog." in words(answer)
    assert toggled(answer)["NOWHERE"]
    assert "users</span>" not in answer.content.decode().split('id="parts-reached"')[1]


def test_too_many_keys_are_said_without_looking_for_them(world: World) -> None:
    typed = "\n".join(f"MBX-{number}" for number in range(40_000))
    assert "Name at most 200" in words(asked(world, components=typed))


def test_nonsense_is_left_out(world: World) -> None:
    answer = asked(world, "?at=²&page=-5", components="\x00<b>", services="x", q="\x00")
    assert answer.status_code == 200
    assert "&lt;b&gt;" in answer.content.decode()


def test_another_providers_components_are_not_found(world: World) -> None:
    foreign = make_component(make_provider("stranger"), "SECRET-1", name="Hidden disk")
    for form in ({"components": "SECRET-1"}, {"q": "Hidden"}, {"at": foreign.pk}):
        answer = words(asked(world, services=world.service.pk, **form))
        assert "Hidden disk" not in answer
        assert "SECRET-1 server" not in answer
    assert "There is no component SECRET-1" in words(asked(world, components="SECRET-1"))


@pytest.mark.parametrize(("role", "status"), [("engineer", 200), ("viewer", 404)])
def test_only_who_may_write_maintenance_asks(world: World, role: str, status: int) -> None:
    assert asked(world, role=role).status_code == status


def test_it_costs_the_same_with_many_components_and_keys(world: World) -> None:
    client = visitor(world)

    def queries(client: Client, **form: Any) -> int:
        address, typed = at(world, "maintenance_parts"), {"services": world.service.pk, **form}
        client.post(address, typed)  # caches of the process are filled
        with CaptureQueriesContext(connection) as captured:
            assert client.post(address, typed).status_code == 200
        return len(captured)

    searched = queries(client, components="MBX-1", q="MBX")
    opened = queries(client, components="MBX-1", at=world.server.pk)
    for number in range(60):
        below = make_component(world.provider, f"MBX-9{number}", below=world.server)
        if number < 5:
            make_placement(make_tenant(f"ara-{number}"), below, world.service, 50 + number)
    typed = " ".join(f"MBX-9{number}" for number in range(60))
    assert queries(client, components=typed, q="MBX") == searched
    assert queries(client, components=typed, at=world.server.pk) == opened


def test_the_form_works_by_typing_alone_and_leads_to_the_picker(world: World) -> None:
    page = visitor(world).get(at(world, "maintenance_new")).content.decode()
    assert '<details class="fold" open>' in page, "folded by the script that replaces typing"
    assert f'hx-post="{at(world, "maintenance_parts")}"' in page
