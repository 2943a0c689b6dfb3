"""Problem reports, the on-time page and the templates' editor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.incidents.models import PostTemplate, ProblemReport
from standfast.apps.incidents.services.reports import report_problem
from standfast.apps.incidents.services.updating import post_update
from tests.factories import SYSTEM, make_provider, make_service, make_subscription
from tests.factories_incidents import World, make_world, on, publish_issue
from tests.web.console.visitors import at, errors, published, read, recently, visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def report(world: World, words: str = "No mail since nine.") -> ProblemReport:
    return report_problem(
        tenant=world.alice,
        service=world.service,
        feature=None,
        description=words,
        by=SYSTEM,
        now=recently(),
    )


def test_reports_are_put_together_by_service(world: World) -> None:
    report(world)
    report(world, "Still nothing.")
    text = read(visitor(world), at(world, "reports"))
    assert "2 reports wait for an answer." in text
    assert "1 tenant · 2 open reports" in text


def test_a_report_is_tied_to_an_issue(world: World) -> None:
    made, issue = report(world), published(world, on(world.first))
    client = visitor(world)
    client.post(at(world, "report_tie", made.pk), {"issue": f" {issue.reference.lower()} "})
    made.refresh_from_db()
    assert (made.state, made.issue_id) == ("linked", issue.pk)
    assert "1 tenant report tied to this issue" in read(client, at(world, "issue", issue.reference))


def test_the_list_has_what_is_open_and_what_ended_lately(world: World) -> None:
    made = report(world)
    now_open = published(world, on(world.first))
    ended, long_ago = published(world, on(world.first)), published(world, on(world.first))
    for issue, days in ((ended, 3), (long_ago, 40)):
        end = recently() - timedelta(days=days)
        start = end - timedelta(hours=1)
        type(issue).objects.filter(pk=issue.pk).update(stage="resolved", end_at=end, start_at=start)
    client = visitor(world)
    page = client.get(at(world, "reports")).content.decode()
    assert f'<option value="{now_open.reference} · Mailboxes are slow">' in page
    assert f'<option value="{ended.reference} · ' in page
    assert page.index(now_open.reference) < page.index(ended.reference)
    assert long_ago.reference not in page
    chosen = f"{ended.reference} · Mailboxes are slow"
    assert client.post(at(world, "report_tie", made.pk), {"issue": chosen}).status_code == 302
    made.refresh_from_db()
    assert made.issue_id == ended.pk
    other = report(world)
    client.post(at(world, "report_tie", other.pk), {"issue": long_ago.reference})
    other.refresh_from_db()
    assert other.issue_id == long_ago.pk, "an id that is not in the list works as well"


def test_words_of_one_title_are_enough(world: World) -> None:
    made, issue = report(world), published(world, on(world.first))
    client = visitor(world)
    client.post(at(world, "report_tie", made.pk), {"issue": "  信箱變慢 "})
    made.refresh_from_db()
    assert made.issue_id == issue.pk


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ZZ1", "None of your issues is called “ZZ1”; choose one from the list, or copy the id"),
        ("  ", "Choose an issue from the list, or write its id."),
        ("<b>", "None of your issues is called “<b>”"),
        ("boxes are", "2 issues have “boxes are” in their titles; choose one from the list."),
    ],
)
def test_what_names_no_issue_is_said_at_the_field_and_kept(
    world: World, typed: str, said: str
) -> None:
    made = report(world)
    for _ in range(2):
        published(world, on(world.first))
    response = visitor(world).post(
        at(world, "report_tie", made.pk) + "?state=open", {"issue": typed}
    )
    assert response.status_code == 200
    assert said in words(response)
    page = response.content.decode()
    assert f'aria-describedby="tie-{made.pk}-wrong"' in page
    assert "<b>”" not in page
    made.refresh_from_db()
    assert made.state == "open"


def test_an_issue_of_another_provider_is_none_of_ours(world: World) -> None:
    issue = published(world, on(world.first))
    stranger = make_provider("stranger")
    service = make_service(stranger, "other")
    make_subscription(world.alice, service)
    theirs = report_problem(
        tenant=world.alice,
        service=service,
        feature=None,
        description="Slow.",
        by=SYSTEM,
        now=recently(),
    )
    client = visitor(stranger)
    for words_typed in (issue.reference, "Mailboxes are slow"):
        answer = client.post(at(stranger, "report_tie", theirs.pk), {"issue": words_typed})
        assert "None of your issues is called" in words(answer)


def test_a_report_is_answered_and_an_empty_answer_is_refused(world: World) -> None:
    made = report(world)
    client = visitor(world)
    refused = client.post(at(world, "report_answer", made.pk), {"answer": "  "})
    assert "Write an answer; the tenant reads it." in words(refused)
    client.post(at(world, "report_answer", made.pk), {"answer": "Please restart."})
    made.refresh_from_db()
    assert (made.state, made.answer) == ("closed", "Please restart.")
    assert "Please restart." in read(client, at(world, "reports") + "?state=closed")


def test_another_providers_reports_are_out_of_reach(world: World) -> None:
    made = report(world)
    stranger = make_provider("stranger")
    client = visitor(stranger)
    assert "No mail since nine." not in read(client, at(stranger, "reports"))
    answer = client.post(at(stranger, "report_answer", made.pk), {"answer": "Hello"})
    assert answer.status_code == 404


def test_the_rate_counts_promises_kept_and_not_filler(world: World) -> None:
    begun = recently() - timedelta(hours=3)
    issue = publish_issue(world, on(world.first), now=begun, start_at=begun).issue
    for minutes, kind in ((50, "regular"), (100, "automatic")):
        post_update(
            issue=issue,
            version=None,
            body={"en": "News."},
            status="serviceDegradation",
            kind=kind,
            by=SYSTEM,
            now=begun + timedelta(minutes=minutes),
        )
    text = read(visitor(world), at(world, "promises"))
    assert "1 kept, 1 missed." in text
    assert "50\u00a0%".replace("\u00a0", " ") in text.replace("\u00a0", " ")
    assert "Overdue" in text
    assert issue.reference in text


def template_form(**changes: str) -> dict[str, str]:
    typed = {
        "name": "First words",
        "service": "",
        "classification": "incident",
        "status": "investigating",
        "title_en": "Trouble with {service}",
        "body_en": "We look into it since {start}.",
        "body_zh_hant": "我們正在調查 {service}。",
    }
    return {**typed, **changes}


def test_a_template_is_written_changed_and_deleted(world: World) -> None:
    client = visitor(world)
    assert "{service}" in read(client, at(world, "template_new"))
    client.post(at(world, "template_new"), template_form())
    made = PostTemplate.objects.get()
    assert made.body["zh-hant"] == "我們正在調查 {service}。"
    client.post(at(world, "template", made.pk), template_form(name="Other words"))
    assert "Other words" in read(client, at(world, "templates"))
    client.post(at(world, "template_delete", made.pk))
    assert not PostTemplate.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"body_en": "", "body_zh_hant": ""}, "body_en"),
        ({"body_zh_hant": "{nonsense}"}, "body_zh_hant"),
        ({"title_en": "{unclosed"}, "title_en"),
        ({"user_impact_en": "<b>x</b>"}, "user_impact_en"),
        ({"status": "nonsense"}, "status"),
    ],
)
def test_a_bad_template_is_refused_at_the_field(
    world: World, typed: dict[str, str], field: str
) -> None:
    response = visitor(world).post(at(world, "template_new"), template_form(**typed))
    assert list(errors(response)) == [field]
    assert not PostTemplate.objects.exists()


def test_the_preview_fills_the_placeholders_and_stores_nothing(world: World) -> None:
    client = visitor(world)
    shown = client.post(at(world, "template_new"), template_form(preview="1"))
    assert "Trouble with Mail" in words(shown)
    assert "我們正在調查 Mail。" in words(shown)
    wrong = client.post(at(world, "template_new"), template_form(preview="1", body_en="{x}"))
    assert "{x} is not a placeholder" in words(wrong)
    assert not PostTemplate.objects.exists()
