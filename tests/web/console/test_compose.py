"""Writing a draft: fields, languages, templates, conflicts, bad input."""

from __future__ import annotations

from typing import Any

import pytest

from standfast.apps.incidents.models import Issue, PostTemplate
from standfast.engine.targeting import Scope
from tests.factories import make_feature, make_provider, make_service
from tests.factories_incidents import World, make_world, on
from tests.web.console.visitors import (
    at,
    draft,
    draft_form,
    errors,
    fresh,
    published,
    read,
    visitor,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_draft_is_stored_with_every_field_and_the_scope_of_the_address(world: World) -> None:
    feature = make_feature(world.service, "search", name="Search")
    address = f"{at(world, 'issue_new')}?picked=1&c={world.first.pk}"
    typed = draft_form(
        world,
        feature=str(feature.pk),
        workaround_en="Use the web.",
        is_public="on",
        cadence_minutes="30",
        start_at="2026-01-31T14:00:00+08:00",
    )
    response = visitor(world).post(address, typed)
    issue = Issue.objects.get()
    assert response["Location"] == at(world, "issue_preview", issue.reference)
    assert (issue.stage, issue.status, issue.severity) == ("draft", "serviceDegradation", "high")
    assert issue.title == {"en": "Mailboxes do not open", "zh-hant": "信箱無法開啟"}
    assert issue.user_impact == {"en": "People **cannot** open their mailbox."}
    assert (issue.feature, issue.is_public, issue.cadence_minutes) == (feature, True, 30)
    assert issue.start_at.isoformat() == "2026-01-31T06:00:00+00:00"
    assert Scope.from_json(issue.scope) == on(world.first)


def test_without_a_scope_the_picker_is_next(world: World) -> None:
    response = visitor(world).post(at(world, "issue_new"), draft_form(world))
    assert response["Location"] == at(world, "issue_scope", Issue.objects.get().reference)


def test_a_time_without_zone_is_in_the_persons_zone(world: World) -> None:
    client = visitor(world)
    client.cookies["standfast_zone"] = "Asia/Taipei"
    client.post(at(world, "issue_new"), draft_form(world, start_at="2026-01-31T14:00"))
    assert Issue.objects.get().start_at.isoformat() == "2026-01-31T06:00:00+00:00"
    assert "Asia/Taipei, UTC+8" in read(client, at(world, "issue_new"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title_en": "", "title_zh_hant": "  "}, "title_en"),
        ({"title_en": "x" * 201}, "title_en"),
        ({"user_impact_en": "<script>alert(1)</script>"}, "user_impact_en"),
        ({"user_impact_en": "bell \x07 rings"}, "user_impact_en"),
        ({"workaround_zh_hant": "<b>粗體</b>"}, "workaround_zh_hant"),
        ({"start_at": "yesterday"}, "start_at"),
        ({"start_at": "2999-01-01T00:00Z"}, "start_at"),
        ({"start_at": ""}, "start_at"),
        ({"cadence_minutes": "0"}, "cadence_minutes"),
        ({"cadence_minutes": "many"}, "cadence_minutes"),
        ({"status": "falsePositive"}, "status"),
        ({"status": "nonsense"}, "status"),
        ({"service": "999999"}, "service"),
        ({"severity": "dreadful"}, "severity"),
    ],
)
def test_bad_input_is_shown_at_its_field_and_nothing_typed_is_lost(
    world: World, typed: dict[str, str], field: str
) -> None:
    form = draft_form(world, more_info_en="A long text that I do not want to type again.", **typed)
    response = visitor(world).post(at(world, "issue_new"), form)
    assert response.status_code == 200
    assert list(errors(response)) == [field]
    assert "A long text that I do not want to type again." in words(response)
    assert not Issue.objects.exists()


def test_a_feature_of_another_service_is_refused(world: World) -> None:
    feature = make_feature(make_service(world.provider, "files"), "share")
    response = visitor(world).post(
        at(world, "issue_new"), draft_form(world, feature=str(feature.pk))
    )
    assert list(errors(response)) == ["feature"]


def test_a_service_of_another_provider_cannot_be_chosen(world: World) -> None:
    foreign = make_service(make_provider("stranger"), "secret", name="Secret service")
    client = visitor(world)
    assert "Secret service" not in read(client, at(world, "issue_new"))
    response = client.post(at(world, "issue_new"), draft_form(world, service=str(foreign.pk)))
    assert list(errors(response)) == ["service"]


def test_a_missing_translation_is_marked(world: World) -> None:
    issue = draft(world, Scope(), title={"en": "English only"})
    assert "繁體中文 is missing" in read(visitor(world), at(world, "issue_edit", issue.reference))


def make_template(world: World, **texts: Any) -> PostTemplate:
    return PostTemplate.objects.create(
        provider=world.provider,
        name="First words",
        status="serviceInterruption",
        **{
            "title": {"en": "Trouble with {service}", "zh-hant": "{service}發生問題"},
            "user_impact": {"en": "Users of {feature} are hit."},
            "body": {"en": "We look into {title}."},
            **texts,
        },
    )


def test_a_template_fills_its_words_and_keeps_the_rest(world: World) -> None:
    template = make_template(world)
    typed = draft_form(world, template=str(template.pk), use_template="1", workaround_en="Wait.")
    response = visitor(world).post(at(world, "issue_new"), typed)
    form = response.context["form"]
    assert form["title_en"].value() == "Trouble with Mail"
    assert form["title_zh_hant"].value() == "Mail發生問題"
    assert form["status"].value() == "serviceInterruption"
    assert form["workaround_en"].value() == "Wait."
    assert not Issue.objects.exists(), "filling in stores nothing"


def test_a_template_of_another_provider_is_not_used(world: World) -> None:
    template = make_template(world)
    template.provider = make_provider("stranger")
    template.save()
    typed = draft_form(world, template=str(template.pk), use_template="1")
    response = visitor(world).post(at(world, "issue_new"), typed)
    assert "Trouble with" not in words(response)
    assert "Mailboxes do not open" in response.content.decode()


def test_two_people_editing_see_both_versions_and_may_then_decide(world: World) -> None:
    issue = draft(world, Scope())
    client, address = visitor(world), at(world, "issue_edit", issue.reference)
    mine = draft_form(world, version=str(issue.version), title_en="My title")
    theirs = draft_form(world, version=str(issue.version), title_en="Their title")
    assert visitor(world).post(address, theirs).status_code == 302
    refused = client.post(address, mine)
    text = words(refused)
    assert "Somebody else saved this meanwhile" in text
    shown = {(each.label, each.theirs, each.yours) for each in refused.context["differences"]}
    assert shown == {("Title", "Their title", "My title")}
    assert 'value="My title"' in refused.content.decode()
    assert fresh(issue).title["en"] == "Their title"
    newer = refused.context["form"]["version"].value()
    assert client.post(address, {**mine, "version": newer}).status_code == 302
    assert fresh(issue).title["en"] == "My title"


def test_a_version_is_needed_to_save(world: World) -> None:
    issue = draft(world, Scope())
    response = visitor(world).post(at(world, "issue_edit", issue.reference), draft_form(world))
    assert "Somebody else saved" in words(response)
    assert fresh(issue).version == issue.version


def test_a_published_issue_is_not_edited_as_a_draft(world: World) -> None:
    issue = published(world, on(world.first))
    response = visitor(world).post(
        at(world, "issue_edit", issue.reference), draft_form(world, version="1")
    )
    assert response["Location"] == at(world, "issue", issue.reference)
    assert fresh(issue).title["en"] == "Mailboxes are slow"


def test_markdown_is_shown_as_readers_will_see_it(world: World) -> None:
    response = visitor(world).post(
        at(world, "markdown"), {"field": "body_en", "body_en": "**Bold** <script>x</script>"}
    )
    assert response.content.decode().startswith("<p><strong>Bold</strong> &lt;script&gt;")
