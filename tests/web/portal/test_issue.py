"""The issue page: what, for whom, since when, what to do, and whose part is what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from standfast.apps.responsibility.services.chart import RowTexts, set_row
from tests.factories import SYSTEM, make_feature
from tests.factories_incidents import make_world, on
from tests.web.portal.readers import close, open_issue, page, reader, say

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_it_tells_everything_and_the_updates_newest_first() -> None:
    world = make_world()
    feature = make_feature(world.service, name="Shared mailboxes")
    issue = open_issue(
        world,
        on(world.first),
        ago=2 * HOUR,
        feature=feature,
        workaround={"en": "Use the **web** version."},
        more_info={"en": "Nothing is lost."},
        root_cause={"en": "A full disk."},
    )
    say(issue, "The load was moved.", ago=timedelta(minutes=10))
    shown = page(reader(world.alice), "issue", world.alice, issue.reference)
    for text in (
        "Mailboxes are slow",
        issue.reference,
        "Shared mailboxes",
        "Incident",
        "Service degradation",
        "214 of your 214 users are affected.",
        "People cannot open their mailbox.",
        "Nothing is lost.",
        "A full disk.",
        "Lasting so far 2 h",
        "Updates every hour",
    ):
        assert text in shown
    assert shown.index("The load was moved.") < shown.index("We are looking into it.")


def test_markdown_is_shown_and_nothing_else() -> None:
    world = make_world()
    issue = open_issue(
        world, on(world.first), ago=HOUR, workaround={"en": "Use [this](javascript:x) **now**"}
    )
    path = reverse("portal:issue", args=[world.alice.slug, issue.reference])
    html = reader(world.alice).get(path).content.decode()
    assert "<strong>now</strong>" in html
    assert 'href="javascript' not in html


def test_an_unclear_scope_says_so() -> None:
    world = make_world()
    issue = open_issue(world, on(world.server, unclear=True), ago=HOUR)
    told = page(reader(world.charlie), "issue", world.charlie, issue.reference)
    assert "We do not know yet exactly who is affected." in told
    placed_nowhere = page(reader(world.dora), "issue", world.dora, issue.reference)
    assert "You use this service, so you may be affected." in placed_nowhere


def test_the_chart_stands_beside_an_open_issue_with_the_provider_s_own_words() -> None:
    world = make_world()
    set_row(
        provider=world.provider,
        service=world.service,
        key="client-endpoints",
        owner="customer",
        texts=RowTexts(
            name={"en": "Client endpoints"}, incident_customer={"en": "Restart the mail program."}
        ),
        by=SYSTEM,
        now=datetime.now(UTC),
    )
    issue = open_issue(world, on(world.first), ago=HOUR)
    alice = reader(world.alice)
    shown = page(alice, "issue", world.alice, issue.reference)
    assert shown.index("Yours to do now") < shown.index("Restart the mail program.")
    assert shown.index("Shared") < shown.index("What the provider is doing")
    close(issue, ago=timedelta(0))
    assert "Yours to do now" not in page(alice, "issue", world.alice, issue.reference)


def test_what_is_over_says_how_long_it_took_and_promises_nothing() -> None:
    world = make_world()
    issue = open_issue(world, on(world.first), ago=5 * HOUR)
    say(issue, "Fixing it.", status="restoringService", ago=4 * HOUR)
    say(issue, "Queues drain slowly.", status="extendedRecovery", ago=3 * HOUR)
    close(issue, ago=2 * HOUR)
    shown = page(reader(world.alice), "issue", world.alice, issue.reference)
    assert "This is over." in shown
    assert "Duration 3 h" in shown
    assert "Service restored Incident Extended recovery" in shown
    assert "Updates every" not in shown


def test_in_chinese_a_text_without_translation_says_that_one_is_due() -> None:
    world = make_world()
    issue = open_issue(world, on(world.first), ago=HOUR, more_info={"en": "Nothing is lost."})
    path = reverse("portal:issue", args=[world.alice.slug, issue.reference])
    html = reader(world.alice, language="zh-hant").get(path).content.decode()
    assert "使用者無法開啟信箱。" in html
    assert '<div class="prose" lang="en"><p>Nothing is lost.</p>' in html
    assert html.count('<p class="pending">') == 1
    english = reader(world.alice).get(path).content.decode()
    assert '<p class="pending">' not in english
