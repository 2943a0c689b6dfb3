"""A person's own chat or telephone is told nothing before the link sent there is confirmed."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from standfast.apps.delivery.confirming import token_of
from standfast.apps.delivery.models import Delivery, NotTold, Subscription
from standfast.apps.delivery.rendering.messages import Composer
from standfast.apps.delivery.services.by_hand import send_test
from standfast.apps.delivery.services.confirming import confirm_subscription
from standfast.apps.delivery.services.subscriptions import (
    update_subscription,
)
from standfast.apps.delivery.services.wishes import Wish
from standfast.apps.tenancy.errors import NoAccess, Refused
from tests.factories import NOW, SYSTEM
from tests.factories_delivery import plan_all, subscribe_chat
from tests.factories_incidents import World, on, publish_issue


@pytest.fixture
def chat(world: World, settings: Settings) -> Subscription:
    return subscribe_chat(world.alice, settings)


def told_posts() -> int:
    return Delivery.objects.filter(notice__kind="post").count()


def test_the_owner_of_the_address_is_asked_first(world: World, chat: Subscription) -> None:
    publish_issue(world, on(world.first))
    plan_all()
    assert told_posts() == 0
    assert NotTold.objects.get().reason == "unconfirmed"
    with pytest.raises(Refused, match="confirmed first"):
        send_test(subscription=chat, by=SYSTEM, now=NOW)
    question = Delivery.objects.get(notice__kind="confirm")
    message = Composer(now=NOW).message(question)
    assert message.personal["confirm_link"].endswith(token_of(chat))
    confirm_subscription(token=token_of(chat), now=NOW)
    publish_issue(world, on(world.first))
    plan_all()
    assert told_posts() == 1


def test_another_address_is_asked_again_and_the_old_link_is_worth_nothing(
    world: World, chat: Subscription
) -> None:
    before = token_of(chat)
    confirm_subscription(token=before, now=NOW)
    wish = Wish("telegram", "-1009999999999")
    update_subscription(subscription=chat, wish=wish, by=SYSTEM, now=NOW)
    chat.refresh_from_db()
    assert chat.is_unconfirmed
    with pytest.raises(NoAccess):
        confirm_subscription(token=before, now=NOW)
    assert chat.is_unconfirmed
    newest = Delivery.objects.latest("id")
    assert (newest.address, newest.notice.kind) == ("-1009999999999", "confirm")
    confirm_subscription(token=token_of(chat), now=NOW)
