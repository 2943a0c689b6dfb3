"""The preview, who will be notified, and publishing from the console."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from standfast.apps.incidents.models import Issue, Post, PostTemplate
from standfast.apps.incidents.queries.health import issue_for
from standfast.apps.tenancy.errors import NoAccess
from standfast.engine.targeting import Scope
from tests.factories_delivery import subscribe_mailbox, subscribe_webhook
from tests.factories_incidents import World, make_world, on
from tests.web.console.visitors import at, draft, errors, fresh, read, visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def first_post(issue: Issue, **changes: Any) -> dict[str, Any]:
    typed = {
        "version": str(issue.version),
        "body_en": "We are **looking** into it.",
        "body_zh_hant": "我們正在調查。",
        "promise": "usual",
        "why": "alerts name the database",
    }
    return {**typed, **changes}


def test_the_preview_shows_the_largest_tenant_what_it_will_see(world: World) -> None:
    issue = draft(world, on(world.first))
    client, address = visitor(world), at(world, "issue_preview", issue.reference)
    text = words(client.post(address, first_post(issue)))
    assert "As Alice will see it" in text
    assert "214 of your 214 users are affected" in text
    assert "We are looking into it." in text
    assert "Next update by" in text
    assert not Post.objects.exists(), "a preview stores nothing"
    assert fresh(issue).version == issue.version


def test_the_preview_of_a_tenant_that_is_not_in_shows_nothing(world: World) -> None:
    issue = draft(world, on(world.first))
    text = read(visitor(world), at(world, "issue_preview", issue.reference) + "?tenant=charlie")
    assert "Charlie is not in the audience: it sees nothing and gets no message." in text
    assert "As Charlie will see it" in text
    assert "users are affected" not in text


def test_the_preview_says_when_the_scope_is_unclear(world: World) -> None:
    issue = draft(world, on(world.first, unclear=True))
    text = read(visitor(world), at(world, "issue_preview", issue.reference) + "?tenant=alice")
    assert "We do not know yet exactly who is affected." in text


def test_the_consequence_stands_before_the_button(world: World) -> None:
    subscribe_mailbox(world.alice, "desk@alice.example")
    subscribe_mailbox(world.charlie, "desk@charlie.example")
    subscribe_webhook(world.bob, "https://hooks.bob.example/standfast")
    issue = draft(world, on(world.first))
    text = read(visitor(world), at(world, "issue_preview", issue.reference))
    assert "Tells 2 tenants: 1 e-mail and 1 webhook now." in text
    assert "desk@alice.example" in text
    assert "desk@charlie.example" not in text


def test_publishing_tells_the_audience_and_nobody_else(world: World) -> None:
    issue = draft(world, on(world.first))
    client = visitor(world)
    response = client.post(at(world, "issue_publish", issue.reference), first_post(issue))
    assert response["Location"] == at(world, "issue", issue.reference)
    now = datetime.now(UTC)
    seen = issue_for(world.alice, issue.reference, now=now)
    assert [post.body["en"] for post in seen.posts] == ["We are **looking** into it."]
    with pytest.raises(NoAccess):
        issue_for(world.charlie, issue.reference, now=now)
    text = read(client, at(world, "issue", issue.reference))
    assert "2 tenants with 244 users see it." in text
    assert "alerts name the database" in text


@pytest.mark.parametrize(
    ("typed", "after"),
    [
        ({"promise": "usual"}, timedelta(minutes=60)),
        ({"promise": "cadence", "cadence_minutes": "15"}, timedelta(minutes=15)),
        ({"promise": "usual", "next_update_by": "nonsense"}, timedelta(minutes=60)),
    ],
)
def test_the_next_update_is_promised(world: World, typed: dict[str, str], after: timedelta) -> None:
    issue = draft(world, on(world.first))
    visitor(world).post(at(world, "issue_publish", issue.reference), first_post(issue, **typed))
    post = Post.objects.get()
    assert post.next_update_by == post.created_at + after


def test_an_exact_time_is_promised(world: World) -> None:
    issue = draft(world, on(world.first))
    exact = (datetime.now(UTC) + timedelta(hours=5)).replace(second=0, microsecond=0)
    typed = first_post(issue, promise="exact", next_update_by=f"{exact:%Y-%m-%dT%H:%M}")
    visitor(world).post(at(world, "issue_publish", issue.reference), typed)
    assert fresh(issue).next_update_by == exact


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"body_en": "", "body_zh_hant": ""}, "body_en"),
        ({"body_zh_hant": "<img src=x onerror=y>"}, "body_zh_hant"),
        ({"body_en": "zero \x00 byte"}, "body_en"),
        ({"promise": "cadence", "cadence_minutes": ""}, "cadence_minutes"),
        ({"promise": "cadence", "cadence_minutes": "0"}, "cadence_minutes"),
        ({"promise": "cadence", "cadence_minutes": "999999"}, "cadence_minutes"),
        ({"promise": "exact", "next_update_by": "soon"}, "next_update_by"),
        ({"promise": "exact", "next_update_by": "2001-01-01T00:00Z"}, "next_update_by"),
        ({"promise": "never"}, "promise"),
        ({"why": "x" * 501}, "why"),
    ],
)
def test_bad_input_publishes_nothing_and_keeps_what_was_typed(
    world: World, typed: dict[str, str], field: str
) -> None:
    issue = draft(world, on(world.first))
    response = visitor(world).post(
        at(world, "issue_publish", issue.reference), first_post(issue, **typed)
    )
    assert response.status_code == 200
    assert list(errors(response)) == [field]
    kept = {name: response.context["form"][name].value() for name in typed}
    assert kept == typed
    assert (fresh(issue).stage, Post.objects.count()) == ("draft", 0)


def test_nobody_is_published_to_by_accident(world: World) -> None:
    issue = draft(world, Scope())
    client = visitor(world)
    shown = read(client, at(world, "issue_preview", issue.reference))
    assert "Nobody would be told" in shown
    assert "Publish now" not in shown
    response = client.post(at(world, "issue_publish", issue.reference), first_post(issue))
    assert "Nobody is chosen" in words(response)
    assert "We are **looking** into it." in response.content.decode()
    assert fresh(issue).stage == "draft"


def test_a_draft_that_changed_meanwhile_is_not_published_unseen(world: World) -> None:
    issue = draft(world, on(world.first))
    client = visitor(world)
    typed = first_post(issue)
    edited = {"version": issue.version, "c": world.second.pk}
    client.post(at(world, "issue_scope", issue.reference), edited)
    refused = client.post(at(world, "issue_publish", issue.reference), typed)
    assert "Somebody else saved this meanwhile" in words(refused)
    assert "We are **looking** into it." in refused.content.decode()
    assert fresh(issue).stage == "draft"
    newer = refused.context["form"]["version"].value()
    response = client.post(at(world, "issue_publish", issue.reference), {**typed, "version": newer})
    assert response.status_code == 302
    assert fresh(issue).stage == "published"


def test_publishing_twice_tells_once(world: World) -> None:
    issue = draft(world, on(world.first))
    client, address = visitor(world), at(world, "issue_publish", issue.reference)
    assert client.post(address, first_post(issue)).status_code == 302
    assert client.post(address, first_post(issue)).status_code in {200, 302}
    assert Post.objects.count() == 1


def test_a_template_fills_the_first_post(world: World) -> None:
    template = PostTemplate.objects.create(
        provider=world.provider, name="First", body={"en": "We look into “{title}”."}
    )
    issue = draft(world, on(world.first))
    response = visitor(world).get(
        f"{at(world, 'issue_preview', issue.reference)}?template={template.pk}"
    )
    assert response.context["form"]["body_en"].value() == "We look into “Mailboxes are slow”."
