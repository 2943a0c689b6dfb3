"""Picking who is hit: by links alone, so that it works without JavaScript and can be bookmarked."""

from __future__ import annotations

import re

import pytest

from standfast.apps.incidents.models import Issue
from standfast.engine.targeting import Scope
from tests.factories import make_component, make_provider, make_tenant
from tests.factories_incidents import World, make_world, on
from tests.web.console.visitors import at, draft, fresh, published, read, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def link(page: str, words: str) -> str:
    """The address of the first link whose text begins with these words."""
    for href, text in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL):
        plain = " ".join(re.sub(r"<[^>]+>", " ", text).split())
        if plain.startswith(words):
            return str(href).replace("&amp;", "&")
    raise AssertionError(f"no link {words!r}")


def follow(world: World, address: str, *steps: str) -> tuple[str, str]:
    """Open a page, follow links by their words; the last address and page."""
    client = visitor(world)
    page = client.get(address).content.decode()
    for step in steps:
        address = link(page, step)
        response = client.get(address)
        assert response.status_code == 200
        page = response.content.decode()
    return address, page


def test_components_are_found_below_each_other_and_chosen(world: World) -> None:
    address, page = follow(world, at(world, "scope"), "1 below EU", "2 below SRV-1", "Choose MBX-1")
    assert f"c={world.first.pk}" in address
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "2 tenants, 244 users" in text
    assert "214 of its 214 users are on MBX-1 (Mail)" in text
    assert "30 of its 100 users are on MBX-1 (Mail)" in text


def test_a_search_shows_the_way_down_and_keeps_what_is_chosen(world: World) -> None:
    text = read(visitor(world), f"{at(world, 'scope')}?c={world.first.pk}&q=mbx-2")
    assert "EU › SRV-1 › MBX-2" in text
    assert "2 tenants, 244 users" in text, "the audience of what was chosen before"


def test_what_is_chosen_can_be_taken_out_again(world: World) -> None:
    address, _page = follow(world, f"{at(world, 'scope')}?c={world.first.pk}", "MBX-1")
    assert "c=" not in address
    assert "picked=1" in address


def test_unclear_widens_to_tenants_whose_placement_is_not_known(world: World) -> None:
    base = f"{at(world, 'scope')}?s={world.service.pk}"
    assert "3 tenants, 319 users" in read(visitor(world), base)
    _address, page = follow(world, base, "It is unclear")
    assert "4 tenants, 319 users" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "where its users are is not known" in page


def test_single_tenants_are_added_and_taken_out_by_name(world: World) -> None:
    start = f"{at(world, 'scope')}?c={world.first.pk}&t=charlie"
    added, _page = follow(world, start, "Add Charlie")
    assert f"in={world.charlie.number}" in added
    taken, page = follow(world, added, "Take out Charlie")
    assert f"out={world.charlie.number}" in taken
    assert f"in={world.charlie.number}" not in taken
    assert "but not" in page


def test_why_somebody_is_not_in(world: World) -> None:
    base = f"{at(world, 'scope_why')}?c={world.first.pk}&s={world.service.pk}"
    client = visitor(world)
    assert "outside the scope" in read(client, f"{base}&q=charlie")
    assert "no placement of its users is known" in read(client, f"{base}&q=dora")
    assert "30 of its 100 users are on MBX-1" in read(client, f"{base}&q=bob")


def test_nobody_learns_of_tenants_that_use_none_of_the_services(world: World) -> None:
    make_tenant("elsewhere", name="Elsewhere Ltd")
    client = visitor(world)
    query = f"?c={world.first.pk}&q=elsewhere&t=elsewhere"
    for name in ("scope", "scope_why", "scope_tenants"):
        assert "Elsewhere Ltd" not in read(client, at(world, name) + query)


def test_all_tenants_are_listed_the_largest_first(world: World) -> None:
    client, address = visitor(world), at(world, "scope_tenants")
    text = read(client, f"{address}?c={world.server.pk}")
    assert text.index("Alice 214") < text.index("Bob 100") < text.index("Charlie 5")
    found = read(client, f"{address}?c={world.server.pk}&q=bob")
    assert "1 tenant of the audience has this name." in found
    assert "Charlie" not in found


def test_another_providers_component_is_no_part_of_a_scope(world: World) -> None:
    foreign = make_component(make_provider("stranger"), "SECRET-1")
    text = read(visitor(world), f"{at(world, 'scope')}?c={foreign.pk}&at={foreign.pk}")
    assert "SECRET-1" not in text


def test_nonsense_in_the_address_is_left_out(world: World) -> None:
    query = "?c=abc&c=-1&c=²&c=99999999999999999999&s=x&in=&at=zzz&page=999&unclear=maybe"
    assert "Nothing yet." in read(visitor(world), at(world, "scope") + query)


def test_an_unknown_component_is_said_and_breaks_nothing(world: World) -> None:
    text = read(visitor(world), f"{at(world, 'scope')}?c=999999")
    assert "choose them again" in text


def test_the_scope_of_a_draft_is_saved(world: World) -> None:
    issue = draft(world, Scope())
    client, address = visitor(world), at(world, "issue_scope", issue.reference)
    assert "Nothing yet." in read(client, address)
    response = client.post(address, {"version": issue.version, "c": world.first.pk})
    assert response["Location"] == at(world, "issue_preview", issue.reference)
    assert Scope.from_json(fresh(issue).scope) == on(world.first)
    assert "MBX-1" in read(client, address), "the picker opens with what is stored"


def test_only_users_of_the_issues_service_count(world: World) -> None:
    from tests.factories import make_placement, make_service

    files = make_service(world.provider, "files", name="Files")
    make_placement(world.charlie, world.first, files, 1_000)
    issue = draft(world, on(world.first))
    text = read(visitor(world), at(world, "issue_scope", issue.reference))
    assert "2 tenants, 244 users" in text


def test_two_people_choosing_at_once(world: World) -> None:
    issue = draft(world, Scope())
    client, address = visitor(world), at(world, "issue_scope", issue.reference)
    first = {"version": issue.version, "c": world.first.pk}
    second = {"version": issue.version, "c": world.second.pk}
    assert client.post(address, first).status_code == 302
    refused = client.post(address, second)
    assert refused.status_code == 200
    assert "Somebody else saved this issue meanwhile" in refused.content.decode()
    assert f'name="c" value="{world.second.pk}"' in refused.content.decode(), "nothing is lost"
    assert Scope.from_json(fresh(issue).scope) == on(world.first)


def test_a_foreign_component_is_refused_when_saving(world: World) -> None:
    foreign = make_component(make_provider("stranger"), "SECRET-1")
    issue = draft(world, Scope())
    address = at(world, "issue_scope", issue.reference)
    refused = visitor(world).post(address, {"version": issue.version, "c": foreign.pk})
    assert "do not exist" in refused.content.decode()
    assert Scope.from_json(fresh(issue).scope).is_empty


def test_a_published_issue_has_no_draft_scope(world: World) -> None:
    issue = published(world, on(world.first))
    response = visitor(world).get(at(world, "issue_scope", issue.reference))
    assert response["Location"] == at(world, "issue", issue.reference)
    assert Issue.objects.count() == 1
