"""Public pages: only what is public, the same for everybody, and friendly to caches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_member, make_placement, make_provider, make_service
from tests.factories_incidents import World, make_world, on
from tests.web.portal.readers import close, open_issue, say, signed_in, words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAGES = ("overview", "history")


@pytest.fixture
def world() -> World:
    return make_world()


def shown(name: str, world: World, *args: object, language: str = "en") -> str:
    response = Client().get(
        reverse(f"public:{name}", args=[world.provider.slug, *args]),
        headers={"accept-language": language},
    )
    assert response.status_code == 200
    return words(response.content)


def test_the_first_line_answers_whether_it_is_them(world: World) -> None:
    assert "We know of no problem that concerns everybody." in shown("overview", world)
    issue = open_issue(world, on(world.first), ago=HOUR / 2, is_public=True)
    page = shown("overview", world)
    assert "It may be us: 1 of our services has a problem. Next update by" in page
    assert "Mail Service degradation" in page
    assert issue.reference in page


def test_private_issues_never_appear_not_even_as_counts(world: World) -> None:
    before = {name: shown(name, world) for name in PAGES}
    issue = open_issue(world, on(world.server), ago=HOUR)
    over = open_issue(world, on(world.server), ago=2 * HOUR)
    close(over, ago=HOUR)
    hidden = make_service(world.provider, "hidden", name="Hidden service", is_public=False)
    make_placement(world.alice, world.first, hidden)
    open_issue(replace(world, service=hidden), on(world.first), ago=HOUR, is_public=True)
    assert {name: shown(name, world) for name in PAGES} == before
    for each in (issue, over):
        path = reverse("public:issue", args=[world.provider.slug, each.reference])
        private, absent = Client().get(path), Client().get(path.replace(each.reference, "ML0"))
        assert private.status_code == absent.status_code == 404


def test_a_public_issue_tells_its_updates_but_no_numbers_of_people(world: World) -> None:
    issue = open_issue(
        world, on(world.first), ago=HOUR, is_public=True, workaround={"en": "Use the web."}
    )
    say(issue, "The load was moved.", ago=HOUR / 2)
    page = shown("issue", world, issue.reference)
    assert "We know of this and are working on it." in page
    assert page.index("The load was moved.") < page.index("We are looking into it.")
    assert "Use the web." in page
    assert "214" not in page
    assert "214" not in shown("overview", world)
    close(issue, ago=timedelta(0))
    assert "This is over." in shown("issue", world, issue.reference)
    assert "Mailboxes are slow" in shown("history", world)


def test_another_provider_s_address_shows_none_of_it(world: World) -> None:
    other = make_provider("elsewhere")
    assert Client().get(reverse("public:overview", args=[other.slug])).status_code == 404
    make_service(other)
    issue = open_issue(world, on(world.first), ago=HOUR, is_public=True)
    assert Client().get(reverse("public:overview", args=[other.slug])).status_code == 200
    path = reverse("public:issue", args=[other.slug, issue.reference])
    assert Client().get(path).status_code == 404
    assert Client().get(reverse("public:overview", args=[world.alice.slug])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_caches_may_keep_a_page_and_nothing_personal_is_on_it(world: World, name: str) -> None:
    reader = signed_in(make_member(world.provider, "owner"))
    path = reverse(f"public:{name}", args=[world.provider.slug])
    for client in (Client(), reader):
        response = client.get(path)
        assert response["Cache-Control"] == "public, max-age=10"
        assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))
        assert "Set-Cookie" not in response
        assert not response.cookies
        html = response.content.decode()
        assert "csrf" not in html
        assert "@example.com" not in html


def test_a_page_not_changed_is_not_sent_again(world: World) -> None:
    path = reverse("public:overview", args=[world.provider.slug])
    tag = Client().get(path)["ETag"]
    again = Client().get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    open_issue(world, on(world.first), ago=HOUR, is_public=True)
    assert Client().get(path, headers={"if-none-match": tag}).status_code == 200


def test_a_page_that_heard_of_news_gets_them_past_its_cache(world: World) -> None:
    path = reverse("public:overview", args=[world.provider.slug])
    response = Client().get(path, headers={"hx-request": "true"})
    assert response["Cache-Control"] == "no-cache"
    assert "HX-Request" in response["Vary"]


def test_the_language_is_chosen_by_a_link_and_kept(world: World) -> None:
    open_issue(world, on(world.first), ago=HOUR, is_public=True)
    path = reverse("public:overview", args=[world.provider.slug])
    visitor = Client()
    chosen = visitor.get(path + "?language=zh-hant")
    assert (chosen.status_code, chosen["Location"]) == (302, path)
    assert "no-store" in chosen["Cache-Control"]
    assert "信箱變慢" in words(visitor.get(path).content)
    assert "信箱變慢" in shown("overview", world, language="zh-TW")
    visitor.get(path + "?language=en")
    assert "Mailboxes are slow" in words(visitor.get(path).content)


def test_pages_take_no_writes(world: World) -> None:
    path = reverse("public:overview", args=[world.provider.slug])
    assert Client().post(path).status_code == 405


def test_a_page_costs_few_queries(
    world: World, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _each in range(5):
        open_issue(world, on(world.first), ago=HOUR, is_public=True)
    with django_assert_max_num_queries(5):
        shown("overview", world)
