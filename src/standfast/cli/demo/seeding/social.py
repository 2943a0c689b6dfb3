"""A social account that is paused (it leads nowhere), and what people wrote to it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from standfast.apps.delivery.models import Subscription
from standfast.apps.incidents.models import Issue
from standfast.apps.social.models import Mention, SocialAccount
from standfast.apps.tenancy.sealing import seal
from standfast.cli.demo.seeding.stored import Stored

# Minutes ago, who, what, in which language.
WRITTEN = (
    (
        22,
        "ana@fosstodon.example",
        "en",
        "Is your mail down again? Nothing has arrived for an hour.",
    ),
    (17, "ops_karl@hachyderm.example", "en", "Calls drop after a minute in our Oslo office."),
    (
        11,
        "meilin@g0v.example",
        "zh-hant",
        "信箱打不開，台北辦公室的同事都一樣，有人知道什麼時候會好嗎？",
    ),
    (190, "tomas@mastodon.example", "en", "Thanks for the quick updates this morning!"),
)


def store_account(stored: Stored) -> None:
    """One account on Mastodon with mentions: new ones, one tied to an issue, one answered."""
    subscription = Subscription.objects.create(
        organisation=stored.provider,
        channel="mastodon",
        address=f"https://mastodon.example/@{stored.provider.slug.replace('-', '_')}_status",
        is_public=True,
        is_active=False,
        kinds=["incident"],
        language=stored.provider.language,
        secret=seal("no token: this account leads nowhere"),
        unsubscribe_key=secrets.token_urlsafe(32),
        confirmed_at=stored.now,
        created_at=stored.now - timedelta(days=180),
    )
    account = SocialAccount.objects.create(subscription=subscription, listens=True)
    mentions = Mention.objects.bulk_create(
        [
            Mention(
                account=account,
                number=str(1_000 - minutes),
                receipt=str(2_000 - minutes),
                author=author,
                text=text,
                language=language,
                written_at=stored.now - timedelta(minutes=minutes),
                received_at=stored.now - timedelta(minutes=minutes - 1),
            )
            for minutes, author, language, text in WRITTEN
        ]
    )
    issue = Issue.objects.filter(provider=stored.provider, stage="published").first()
    first, *_, last = mentions
    first.state, first.issue = "linked", issue
    first.save()
    last.state, last.answer, last.answer_state = "closed", "You are welcome, Tomas.", "sent"
    last.answered_at = last.written_at + timedelta(minutes=9)
    last.save()
