"""Public issues reach the account: once, threaded, within its limits, whatever fails meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from standfast.apps.delivery.models import Delivery, NotTold, Subscription
from standfast.apps.delivery.services.subscriptions import resume_subscription
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.apps.social.services.accounts import (
    AccountWish,
    add_account,
    change_account,
    remove_account,
)
from standfast.apps.tenancy.errors import Refused
from tests.apps.social.accounts import add
from tests.apps.social.mastodon_server import TOKEN, MastodonServer
from tests.factories import NOW, SYSTEM, make_provider
from tests.factories_delivery import plan_all, send_all
from tests.factories_incidents import BODY, World, on, publish_issue


def public_issue(world: World, **changes: object) -> Issue:
    world.service.is_public = True
    world.service.save()
    given = {"is_public": True, **changes}
    return publish_issue(world, on(world.first), **given).issue  # type: ignore[arg-type]


def test_the_trial_is_seen_by_the_account_alone(world: World, mastodon: MastodonServer) -> None:
    add(world.provider, mastodon)

    send_all("mastodon")

    assert [post["visibility"] for post in mastodon.posts] == ["direct"]


def test_an_issue_is_one_thread_with_a_link_to_its_public_page(
    world: World, mastodon: MastodonServer, settings: Settings
) -> None:
    add(world.provider, mastodon)
    issue = public_issue(world)
    plan_all()
    send_all("mastodon")
    later = NOW + timedelta(minutes=5)
    post_update(
        issue=issue, version=None, body=BODY, status="restoringService", by=SYSTEM, now=later
    )
    plan_all(now=later)
    send_all("mastodon", now=later)

    _trial, first, second = mastodon.posts
    assert first["visibility"] == "public"
    assert first["status"].startswith("Service degradation: Mailboxes are slow")
    link = f"{settings.BASE_URL}/status/{world.provider.slug}/issues/{issue.reference}/"
    assert first["status"].endswith(link)
    assert len(first["status"]) - len(link) + 23 <= 300
    assert "in_reply_to_id" not in first
    assert second["in_reply_to_id"] == first["id"]
    assert world.alice.name not in first["status"]


def test_what_is_planned_twice_is_posted_once(world: World, mastodon: MastodonServer) -> None:
    add(world.provider, mastodon)
    public_issue(world)
    plan_all()
    plan_all()
    send_all("mastodon")
    send_all("mastodon", now=NOW + timedelta(hours=1))

    assert len(mastodon.posts) == 2


@pytest.mark.parametrize(
    ("changes", "service_is_public"),
    [
        ({"is_public": False}, True),
        ({"is_public": True}, False),
        ({"is_public": True, "classification": "advisory"}, True),
    ],
)
def test_what_the_public_page_does_not_show_as_an_incident_is_not_posted(
    world: World, mastodon: MastodonServer, changes: dict[str, object], service_is_public: bool
) -> None:
    account = add(world.provider, mastodon)
    world.service.is_public = service_is_public
    world.service.save()
    publish_issue(world, on(world.first), **changes)  # type: ignore[arg-type]
    plan_all()

    rows = Delivery.objects.filter(subscription=account.subscription, notice__issue__isnull=False)
    assert not rows.exists()
    assert NotTold.objects.filter(subscription=account.subscription).exists()


def test_a_busy_server_is_tried_again_and_posts_once(
    world: World, mastodon: MastodonServer
) -> None:
    add(world.provider, mastodon)
    public_issue(world)
    plan_all()
    mastodon.status = 503
    send_all("mastodon")
    mastodon.status = 200
    send_all("mastodon", now=NOW + timedelta(minutes=5))

    assert len(mastodon.posts) == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_an_update_does_not_overtake_a_post_that_waits(
    world: World, mastodon: MastodonServer
) -> None:
    add(world.provider, mastodon)
    send_all("mastodon")
    issue = public_issue(world)
    plan_all()
    mastodon.status = 503
    send_all("mastodon")
    mastodon.status = 200
    soon = NOW + timedelta(seconds=5)
    post_update(
        issue=issue, version=None, body=BODY, status="restoringService", by=SYSTEM, now=soon
    )
    plan_all(now=soon)
    send_all("mastodon", now=soon)
    assert len(mastodon.posts) == 1
    for minutes in (2, 4, 6):
        send_all("mastodon", now=NOW + timedelta(minutes=minutes))

    _trial, first, second = mastodon.posts
    assert first["status"].startswith("Service degradation")
    assert second["in_reply_to_id"] == first["id"]


def test_a_token_that_was_taken_back_stops_the_account_and_says_why(
    world: World, mastodon: MastodonServer
) -> None:
    account = add(world.provider, mastodon, secret="another token")
    send_all("mastodon")

    kept = Subscription.objects.get(pk=account.subscription_id)
    assert not kept.is_active
    assert "401" in kept.stopped_because
    assert "another token" not in kept.stopped_because
    change_account(account=account, wish=AccountWish(secret=TOKEN), by=SYSTEM, now=NOW)
    resume_subscription(subscription=kept, by=SYSTEM, now=NOW)
    public_issue(world)
    plan_all()
    send_all("mastodon")
    assert len(mastodon.posts) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "webhook"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"address": "status@mastodon.example"}, "address"),
        ({"wish": AccountWish()}, "secret"),
        ({"wish": AccountWish(secret="x", language="tlh")}, "language"),
        ({"wish": AccountWish(secret="x", kinds=("maintenance",))}, "kinds"),
        ({"wish": AccountWish(secret="x", min_severity="low")}, "min_severity"),
    ],
)
def test_a_wrong_account_is_refused_with_the_field(
    world: World, changes: dict[str, object], field: str
) -> None:
    given: dict[str, object] = {
        "channel": "mastodon",
        "address": "https://mastodon.example/@status",
        "wish": AccountWish(secret="x"),
        **changes,
    }
    with pytest.raises(Refused) as refused:
        add_account(provider=world.provider, by=SYSTEM, now=NOW, **given)  # type: ignore[arg-type]

    assert refused.value.field == field


def test_keys_never_travel_in_the_clear(world: World) -> None:
    with pytest.raises(Refused, match="https://"):
        add_account(
            provider=world.provider,
            channel="mastodon",
            address="http://mastodon.example/@status",
            wish=AccountWish(secret="x"),
            by=SYSTEM,
            now=NOW,
        )


def test_an_account_is_there_once_and_can_be_removed(
    world: World, mastodon: MastodonServer
) -> None:
    account = add(world.provider, mastodon)
    add(make_provider("southlight"), mastodon)
    with pytest.raises(Refused, match="there already"):
        add(world.provider, mastodon)

    remove_account(account=account, by=SYSTEM, now=NOW)
    assert add(world.provider, mastodon).pk != account.pk


def test_the_stored_keys_are_sealed(world: World, mastodon: MastodonServer) -> None:
    account = add(world.provider, mastodon)

    assert TOKEN not in account.subscription.secret
    assert account.subscription.secret


def test_a_resolved_issue_ends_its_thread(world: World, mastodon: MastodonServer) -> None:
    add(world.provider, mastodon)
    issue = public_issue(world)
    plan_all()
    send_all("mastodon")
    later = NOW + timedelta(minutes=30)
    resolve(issue=issue, version=None, body=BODY, end_at=None, by=SYSTEM, now=later)
    plan_all(now=later)
    send_all("mastodon", now=later)

    assert mastodon.posts[-1]["status"].startswith("Service restored: ")
    assert mastodon.posts[-1]["in_reply_to_id"] == mastodon.posts[-2]["id"]
