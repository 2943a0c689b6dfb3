from __future__ import annotations

from typing import Any

import pytest

from standfast.apps.incidents.models import PostTemplate
from standfast.apps.incidents.queries.issues import templates_of
from standfast.apps.incidents.services.templates import (
    delete_template,
    fill,
    placeholders,
    save_template,
)
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import AuditEntry
from tests.factories import NOW, SYSTEM, make_feature, make_provider, make_service
from tests.factories_incidents import IMPACT, TITLE, World, fields_for, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def save(world: World, **changes: Any) -> PostTemplate:
    values: dict[str, Any] = {
        "provider": world.provider,
        "template_id": None,
        "name": "Looking into it",
        "service": world.service,
        "classification": "incident",
        "status": "investigating",
        "title": {"en": "{service} has a problem"},
        "user_impact": {},
        "body": {"en": "We look into {feature} since {start}."},
        "by": SYSTEM,
        "now": NOW,
    }
    return save_template(**{**values, **changes})


def test_placeholders_are_filled_per_language(world: World) -> None:
    world.service.name = {"en": "Mail", "zh-hant": "郵件"}
    feature = make_feature(world.service, "search", name="Search")
    fields = fields_for(world.service, feature=feature)
    text = {"en": "{service}/{feature}: {title} {{now}}", "zh-hant": "{service} {start} {impact}"}
    assert fill(text, fields=fields) == {
        "en": f"Mail/Search: {TITLE['en']} {{now}}",
        "zh-hant": f"郵件 2026-03-02 08:40 UTC {IMPACT['zh-hant']}",
    }


def test_without_a_feature_the_service_stands_for_it(world: World) -> None:
    filled = fill({"en": "{feature}"}, fields=fields_for(world.service))
    assert filled == {"en": "Mail"}


def test_what_was_filled_in_is_not_filled_again(world: World) -> None:
    fields = fields_for(world.service, title={"en": "{impact} {oops"})
    assert fill({"en": "{title}"}, fields=fields) == {"en": "{impact} {oops"}


def test_every_placeholder_that_is_offered_works(world: World) -> None:
    words = " ".join(name for name, _meaning in placeholders())
    template = save(world, body={"en": words})
    filled = fill(template.body, fields=fields_for(world.service))
    assert "{" not in filled["en"]


@pytest.mark.parametrize(
    "words",
    [
        "{servce} is down",
        "{}",
        "{0}",
        "{service.provider}",
        "{service[0]}",
        "{service!r}",
        "{service!x}",
        "{service:d}",
        "{service:>9999999999}",
        "{service:{start}}",
        "{service",
        "service}",
    ],
)
def test_what_cannot_be_filled_is_refused_at_its_field(world: World, words: str) -> None:
    with pytest.raises(Refused) as refused:
        save(world, user_impact={"zh-hant": words})
    assert refused.value.field == "user_impact_zh_hant"
    with pytest.raises(Refused):
        fill({"en": words}, fields=fields_for(world.service))
    assert not PostTemplate.objects.exists()


def test_an_unknown_placeholder_is_named_with_the_known_ones(world: World) -> None:
    with pytest.raises(Refused) as refused:
        save(world, body={"en": "{servce}"})
    assert "{servce}" in refused.value.message
    assert all(name in refused.value.message for name, _meaning in placeholders())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 101}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"body": {}}, "body_en"),
        ({"title": {"en": "t" * 201}}, "title_en"),
        ({"status": "broken"}, "status"),
        ({"status": "serviceOperational"}, "status"),
        ({"classification": "catastrophe of size"}, "classification"),
    ],
)
def test_bad_fields_are_named(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        save(world, **changes)
    assert refused.value.field == field


def test_names_are_unique_for_one_provider(world: World) -> None:
    first = save(world)
    with pytest.raises(Refused) as refused:
        save(world, name=" Looking into it ")
    assert refused.value.field == "name"
    assert save(world, template_id=first.pk, status="restoringService").pk == first.pk
    other = make_provider()
    assert save(world, provider=other, service=None).pk != first.pk


def test_a_template_is_for_a_service_of_its_provider(world: World) -> None:
    with pytest.raises(Refused) as refused:
        save(world, service=make_service(make_provider(), "theirs"))
    assert refused.value.field == "service"


def test_a_service_is_offered_its_own_and_the_general_templates(world: World) -> None:
    chat = make_service(world.provider, "chat")
    save(world, name="mail only")
    save(world, name="general", service=None)
    save(world, name="chat only", service=chat)
    offered = templates_of(world.provider, service_id=chat.pk)
    assert [each.name for each in offered] == ["chat only", "general"]
    assert templates_of(make_provider()) == []


def test_a_deleted_template_leaves_its_trail(world: World) -> None:
    delete_template(template=save(world), by=SYSTEM, now=NOW)
    assert not PostTemplate.objects.exists()
    actions = AuditEntry.objects.filter(object_kind="template").order_by("id")
    assert [each.action for each in actions] == ["template.saved", "template.deleted"]
