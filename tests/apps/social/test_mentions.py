"""Mentions are read once each, answered once each, and kept no longer than they are needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.social.models import Mention, SocialAccount
from standfast.apps.social.queries.mentions import mentions_about
from standfast.apps.social.services.answering import send_answers
from standfast.apps.social.services.listening import EVERY, LONGEST_PAUSE, forget_old, listen_due
from standfast.apps.social.services.mentions import answer_mention, put_aside, tie_mention
from standfast.apps.tenancy.errors import Refused
from tests.apps.social.accounts import add
from tests.apps.social.mastodon_server import MastodonServer
from tests.factories import NOW, SYSTEM, make_provider
from tests.factories_delivery import send_all
from tests.factories_incidents import World, on, publish_issue

AT = NOW.isoformat()


def answers(minutes: float = 0) -> int:
    return send_answers(now=NOW + timedelta(minutes=minutes), chance=lambda: 0.5)


def a_mention(world: World, mastodon: MastodonServer, text: str = "Mail is down") -> Mention:
    add(world.provider, mastodon)
    mastodon.mention(7, f"<p>{text}</p>", at=AT)
    assert listen_due(now=NOW) == 1
    return Mention.objects.get()


def test_mentions_are_read_once_and_without_their_html(
    world: World, mastodon: MastodonServer
) -> None:
    mention = a_mention(world, mastodon, "Mail <script>alert(1)</script>is <b>down</b>")

    assert (mention.author, mention.text) == ("ana@m.example", "Mail is down")
    assert mention.state == "open"
    later = NOW + EVERY
    assert listen_due(now=later) == 0
    mastodon.mention(8, "Me too", at=AT)
    assert listen_due(now=later + EVERY) == 1
    assert Mention.objects.count() == 2


def test_more_than_a_page_is_read_in_several_looks_and_nothing_is_missed(
    world: World, mastodon: MastodonServer
) -> None:
    add(world.provider, mastodon)
    for number in range(1, 96):
        mastodon.mention(number, f"report {number}", at=AT)

    found = [listen_due(now=NOW + EVERY * look) for look in range(4)]

    assert found == [40, 40, 15, 0]


def test_the_server_is_asked_politely(world: World, mastodon: MastodonServer) -> None:
    add(world.provider, mastodon)
    for second in range(50):
        listen_due(now=NOW + timedelta(seconds=second))

    assert mastodon.looks == 1


def test_a_failing_server_is_asked_less_and_less_and_its_error_is_shown(
    world: World, mastodon: MastodonServer
) -> None:
    account = add(world.provider, mastodon)
    mastodon.status = 503
    now = NOW
    for _ in range(8):
        listen_due(now=now)
        kept = SocialAccount.objects.get(pk=account.pk)
        assert kept.next_listen_at is not None
        assert kept.next_listen_at - now <= LONGEST_PAUSE
        now = kept.next_listen_at
    assert "503" in kept.listen_error
    mastodon.status = 200
    listen_due(now=now)

    assert SocialAccount.objects.get(pk=account.pk).listen_error == ""


def test_old_mentions_are_not_dug_out_when_an_account_is_added(
    world: World, mastodon: MastodonServer
) -> None:
    add(world.provider, mastodon)
    mastodon.mention(1, "years ago", at=(NOW - timedelta(days=400)).isoformat())

    assert listen_due(now=NOW) == 0


def test_an_answer_is_posted_once_below_what_it_answers(
    world: World, mastodon: MastodonServer
) -> None:
    mention = a_mention(world, mastodon)
    send_all("mastodon")  # the trial of the new account
    answer_mention(mention=mention, answer="We are on it,\n thank you.", by=SYSTEM, now=NOW)
    mastodon.status = 503
    answers()
    mastodon.status = 200
    answers(5)
    assert answers(10) == 0

    _trial, post = mastodon.posts
    assert post["status"] == "@ana@m.example We are on it, thank you."
    assert (post["in_reply_to_id"], post["visibility"]) == ("777", "public")
    kept = Mention.objects.get()
    assert (kept.answer_state, kept.answer_tries, kept.state) == ("sent", 2, "closed")


def test_an_answer_that_is_refused_can_be_written_anew(
    world: World, mastodon: MastodonServer
) -> None:
    mention = a_mention(world, mastodon)
    answer_mention(mention=mention, answer="Hello", by=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="answered already"):
        answer_mention(mention=Mention.objects.get(), answer="Again", by=SYSTEM, now=NOW)
    mastodon.status = 422
    answers()

    kept = Mention.objects.get()
    assert kept.answer_state == "failed"
    assert "422" in kept.answer_error
    answer_mention(mention=kept, answer="Hello again", by=SYSTEM, now=NOW)
    assert Mention.objects.get().answer_state == "pending"


def test_keys_that_cannot_be_read_lose_no_answer_and_hold_up_no_other(
    world: World, mastodon: MastodonServer
) -> None:
    mention = a_mention(world, mastodon)
    subscription = mention.account.subscription
    answer_mention(mention=mention, answer="Hello", by=SYSTEM, now=NOW)
    kept, subscription.secret = subscription.secret, "damaged"
    subscription.save()

    assert answers() == 1
    waiting = Mention.objects.get()
    assert (waiting.answer_state, waiting.answer_tries) == ("pending", 1)
    assert "STANDFAST_SECRET_KEY" in waiting.answer_error

    subscription.secret = kept
    subscription.save()
    answers(5)
    assert Mention.objects.get().answer_state == "sent"


def test_a_paused_account_answers_when_it_is_resumed(
    world: World, mastodon: MastodonServer
) -> None:
    mention = a_mention(world, mastodon)
    answer_mention(mention=mention, answer="Hello", by=SYSTEM, now=NOW)
    rows = type(mention.account.subscription).objects
    rows.update(is_active=False)
    assert answers() == 0
    rows.update(is_active=True)
    assert answers() == 1
    assert Mention.objects.get().answer_state == "sent"


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 241])
def test_an_answer_is_short_and_says_something(
    world: World, mastodon: MastodonServer, words: str
) -> None:
    mention = a_mention(world, mastodon)

    with pytest.raises(Refused) as refused:
        answer_mention(mention=mention, answer=words, by=SYSTEM, now=NOW)
    assert refused.value.field == "answer"


def test_a_mention_is_tied_to_an_issue_of_the_same_provider(
    world: World, mastodon: MastodonServer
) -> None:
    mention = a_mention(world, mastodon)
    issue = publish_issue(world, on(world.first)).issue
    tie_mention(mention=mention, issue=issue, by=SYSTEM, now=NOW)

    assert mentions_about(issue) == [mention]
    issue.provider = make_provider("southlight")
    with pytest.raises(Refused, match="your own issues"):
        tie_mention(mention=mention, issue=issue, by=SYSTEM, now=NOW)


def test_what_nobody_needs_is_forgotten(world: World, mastodon: MastodonServer) -> None:
    mention = a_mention(world, mastodon)
    put_aside(mention=mention, by=SYSTEM, now=NOW)

    assert forget_old(now=NOW + timedelta(days=89)) == 0
    assert forget_old(now=NOW + timedelta(days=91)) == 1
    assert not Mention.objects.exists()
