"""Posts on a published issue: updates, the end, reopening, corrections; and its own page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.services.updating import post_update, resolve
from tests.factories import SYSTEM
from tests.factories_incidents import World, make_world, on
from tests.web.console.visitors import (
    at,
    draft,
    errors,
    fresh,
    post_form,
    published,
    read,
    recently,
    visitor,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def issue(world: World) -> Issue:
    return published(world, on(world.first))


def end_form(issue: Issue, **changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    typed = {"status": "serviceRestored", "end_at": f"{now:%Y-%m-%dT%H:%MZ}"}
    return post_form(issue, **{**typed, **changes})


def close(issue: Issue, status: str = "serviceRestored") -> None:
    resolve(
        issue=issue,
        version=None,
        body={"en": "It works again."},
        status=status,
        end_at=None,
        by=SYSTEM,
        now=recently() + timedelta(minutes=1),
    )


def test_an_update_changes_status_texts_and_promise(world: World, issue: Issue) -> None:
    typed = post_form(
        issue,
        promise="cadence",
        cadence_minutes="30",
        user_impact_en="Fewer people are hit.",
        workaround_en="Use the web.",
    )
    response = visitor(world).post(at(world, "issue_update", issue.reference), typed)
    assert response["Location"] == at(world, "issue", issue.reference)
    now = fresh(issue)
    post = Post.objects.get(number=2)
    assert (now.status, now.cadence_minutes) == ("restoringService", 30)
    assert now.next_update_by == post.created_at + timedelta(minutes=30)
    assert now.user_impact == {"en": "Fewer people are hit."}
    assert now.workaround == {"en": "Use the web."}
    assert post.body["zh-hant"] == "我們已找到原因。"


def test_only_statuses_that_may_follow_are_offered(world: World, issue: Issue) -> None:
    post_update(
        issue=issue,
        version=None,
        body={"en": "A fix is on its way."},
        status="restoringService",
        by=SYSTEM,
        now=recently() + timedelta(minutes=1),
    )
    client = visitor(world)
    page = client.get(at(world, "issue_update", issue.reference))
    offered = [value for value, _words in page.context["form"].fields["status"].choices]
    assert "extendedRecovery" in offered
    assert not {"serviceRestored", "falsePositive", "investigationSuspended"} & set(offered)
    end = client.get(at(world, "issue_resolve", issue.reference))
    assert [value for value, _words in end.context["form"].fields["status"].choices] == [
        "serviceRestored"
    ]
    refused = client.post(
        at(world, "issue_update", issue.reference), post_form(issue, status="falsePositive")
    )
    assert list(errors(refused)) == ["status"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"body_en": " ", "body_zh_hant": ""}, "body_en"),
        ({"body_en": "<b>bold</b>"}, "body_en"),
        ({"workaround_en": "tab\x0bvertical"}, "workaround_en"),
        ({"user_impact_en": ""}, "user_impact_en"),
        ({"kind": "closing"}, "kind"),
        ({"promise": "exact", "next_update_by": "2001-01-01T00:00Z"}, "next_update_by"),
        ({"version": ""}, "version"),
    ],
)
def test_bad_updates_are_refused_at_the_field(
    world: World, issue: Issue, typed: dict[str, str], field: str
) -> None:
    typed = {"user_impact_en": "As before.", **typed}
    response = visitor(world).post(
        at(world, "issue_update", issue.reference), post_form(issue, **typed)
    )
    assert list(errors(response)) == [field]
    assert Post.objects.count() == 1


def test_two_communicators_at_once_lose_nothing(world: World, issue: Issue) -> None:
    client, address = visitor(world), at(world, "issue_update", issue.reference)
    mine = post_form(issue, user_impact_en="As before.", body_en="My words.")
    theirs = post_form(issue, user_impact_en="Worse now.", body_en="Their words.")
    assert visitor(world).post(address, theirs).status_code == 302
    refused = client.post(address, mine)
    text = words(refused)
    assert "Somebody else saved this meanwhile" in text
    assert "Their words." in text, "what was said last stands beside the form"
    shown = {(each.theirs, each.yours) for each in refused.context["differences"]}
    assert ("Worse now.", "As before.") in shown
    assert "My words." in refused.content.decode()
    assert Post.objects.count() == 2


def test_a_post_on_an_issue_that_closed_meanwhile_keeps_the_words(
    world: World, issue: Issue
) -> None:
    typed = post_form(issue, user_impact_en="As before.")
    close(issue)
    client, address = visitor(world), at(world, "issue_update", issue.reference)
    refused = client.post(address, typed)
    assert refused.status_code == 200
    assert "is closed. Open it again first." in words(refused)
    assert "We have found the cause." in refused.content.decode()
    assert client.get(address)["Location"] == at(world, "issue", issue.reference)
    assert Post.objects.count() == 2


def test_the_end_is_stored_and_shown_with_its_duration(world: World, issue: Issue) -> None:
    end = (issue.start_at + timedelta(minutes=15)).replace(second=0, microsecond=0)
    client = visitor(world)
    typed = end_form(issue, end_at=f"{end:%Y-%m-%dT%H:%MZ}", root_cause_en="A full disk.")
    response = client.post(at(world, "issue_resolve", issue.reference), typed)
    assert response.status_code == 302
    now = fresh(issue)
    assert (now.stage, now.status, now.end_at) == ("resolved", "serviceRestored", end)
    assert now.root_cause == {"en": "A full disk."}
    text = read(client, at(world, "issue", issue.reference))
    assert "It is over; it lasted 14 min" in text


def test_a_false_positive_says_so(world: World, issue: Issue) -> None:
    client = visitor(world)
    client.post(
        at(world, "issue_resolve", issue.reference), end_form(issue, status="falsePositive")
    )
    assert fresh(issue).status == "falsePositive"
    assert "it was a false positive" in read(client, at(world, "issue", issue.reference))


@pytest.mark.parametrize("end_at", ["", "then", "2001-01-01T00:00Z", "2999-01-01T00:00Z"])
def test_an_impossible_end_is_refused(world: World, issue: Issue, end_at: str) -> None:
    response = visitor(world).post(
        at(world, "issue_resolve", issue.reference), end_form(issue, end_at=end_at)
    )
    assert list(errors(response)) == ["end_at"]
    assert fresh(issue).stage == "published"


def test_a_resolved_issue_is_opened_again(world: World, issue: Issue) -> None:
    close(issue)
    client = visitor(world)
    typed = post_form(issue, status="serviceDegradation")
    response = client.post(at(world, "issue_reopen", issue.reference), typed)
    assert response["Location"] == at(world, "issue", issue.reference)
    now = fresh(issue)
    assert (now.stage, now.status, now.end_at) == ("published", "serviceDegradation", None)
    again = client.post(at(world, "issue_reopen", issue.reference), post_form(issue))
    assert "is open already" in words(again)


def test_a_post_is_corrected_and_the_old_words_stay_in_the_log(world: World, issue: Issue) -> None:
    client = visitor(world)
    address = at(world, "post_correct", issue.reference, 1)
    assert "We are looking into it." in read(client, address)
    assert list(errors(client.post(address, {"body_en": "<i>x</i>"}))) == ["body_en"]
    client.post(address, {"body_en": "We are looking into MBX-1."})
    assert Post.objects.get().body == {"en": "We are looking into MBX-1."}
    assert "Post corrected" in read(client, at(world, "issue", issue.reference))
    assert client.get(at(world, "post_correct", issue.reference, 9)).status_code == 404


def test_detected_drafts_are_confirmed_dismissed_and_restored(world: World) -> None:
    waiting = draft(world, on(world.first))
    client = visitor(world)
    dismiss = at(world, "issue_dismiss", waiting.reference)
    assert "Say in a few words" in words(client.post(dismiss, {"why": " "}, follow=True))
    assert fresh(waiting).stage == "draft"
    text = words(client.post(dismiss, {"why": "Only a test."}, follow=True))
    assert "“Only a test.”" in text
    client.post(at(world, "issue_restore", waiting.reference))
    assert fresh(waiting).stage == "draft"


def test_the_page_of_an_issue_says_who_was_told_and_who_does_what(
    world: World, issue: Issue
) -> None:
    text = read(visitor(world, "viewer"), at(world, "issue", issue.reference))
    assert "2 tenants with 244 users see it." in text
    assert "MBX-1" in text
    assert "Every audience it had" in text
    assert "system: tests" in text
    assert "Published" in text
    assert "Client endpoints" in text, "the responsibility chart"


def test_the_page_is_read_in_traditional_chinese(world: World, issue: Issue) -> None:
    text = read(visitor(world, "viewer", language="zh-hant"), at(world, "issue", issue.reference))
    assert "信箱變慢" in text
    assert "我們正在調查。" in text
    assert "服務降級" in text
