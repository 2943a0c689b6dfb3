"""Mentions on the console: looked at, tied, answered, put aside, and hostile in nothing."""

from __future__ import annotations

import pytest

from standfast.apps.delivery.models import Subscription
from standfast.apps.social.models import Mention, SocialAccount
from tests.factories_incidents import World, make_world, on
from tests.web.console.visitors import at, published, read, recently, visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def mention(world: World, text: str = "Mail is down here", **changes: object) -> Mention:
    now = recently()
    subscription = Subscription.objects.create(
        organisation=world.provider,
        channel="mastodon",
        address="https://mastodon.example/@status",
        is_public=True,
        confirmed_at=now,
        created_at=now,
        unsubscribe_key="key",
    )
    return Mention.objects.create(
        **{
            "account": SocialAccount.objects.create(subscription=subscription),
            "number": "1",
            "receipt": "2",
            "author": "ana@m.example",
            "text": text,
            "written_at": now,
            "received_at": now,
            **changes,
        }
    )


def test_mentions_stand_beside_the_reports_of_tenants(world: World) -> None:
    mention(world)
    client = visitor(world)
    assert at(world, "mentions") in client.get(at(world, "reports")).content.decode()
    text = read(client, at(world, "mentions"))
    assert "1 mention waits to be looked at." in text
    assert "@ana@m.example" in text
    assert "Mail is down here" in text


def test_what_strangers_write_is_shown_as_text(world: World) -> None:
    mention(world, "<img src=x onerror=alert(1)>", author="<b>x</b>", url="https://m.example/1")

    page = visitor(world).get(at(world, "mentions")).content.decode()
    assert "<img src=x" not in page
    assert "<b>x</b>" not in page
    assert 'rel="noopener noreferrer nofollow"' in page


def test_a_mention_is_tied_and_the_issue_shows_it(world: World) -> None:
    made, issue = mention(world), published(world, on(world.first))
    client = visitor(world)
    unknown = client.post(at(world, "mention_tie", made.pk), {"issue": "ZZ1"})
    assert "None of your issues is called “ZZ1”; choose one from the list" in words(unknown)
    assert 'value="ZZ1"' in unknown.content.decode()
    client.post(at(world, "mention_tie", made.pk), {"issue": issue.reference})
    assert Mention.objects.get().state == "linked"
    assert "1 mention tied to this issue" in read(client, at(world, "issue", issue.reference))


def test_an_answer_is_queued_and_a_refused_one_keeps_what_was_typed(world: World) -> None:
    made = mention(world)
    client = visitor(world)
    refused = client.post(at(world, "mention_answer", made.pk), {"answer": "x" * 300})
    assert "Write at most 240 characters." in refused.content.decode()
    assert "x" * 300 in refused.content.decode()
    client.post(at(world, "mention_answer", made.pk), {"answer": "We are on it."})
    kept = Mention.objects.get()
    assert (kept.state, kept.answer, kept.answer_state) == ("closed", "We are on it.", "pending")
    assert "Being posted" in read(client, at(world, "mentions") + "?state=closed")


def test_a_mention_is_put_aside(world: World) -> None:
    made = mention(world)
    visitor(world).post(at(world, "mention_aside", made.pk))
    assert Mention.objects.get().state == "closed"
