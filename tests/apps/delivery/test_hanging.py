"""Receivers that hang hold up nobody else, and lose nothing."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from standfast.apps.delivery.models import Delivery
from standfast.apps.delivery.services import sending
from standfast.apps.delivery.services.sending import Sender
from standfast.channels.outgoing.config import OutgoingConfig
from standfast.channels.outgoing.guard import Guard
from standfast.channels.webhook.send import WebhookChannel
from tests.apps.delivery.receivers import Receivers
from tests.factories import NOW
from tests.factories_delivery import plan_all, subscribe_webhook
from tests.factories_incidents import World, on, publish_issue


@pytest.fixture(autouse=True)
def _due(world: World, arrived: Receivers, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due first goes to a receiver that hangs."""
    monkeypatch.setattr(sending, "PATIENCE", 0.3)
    subscribe_webhook(world.alice, arrived.url("hang"))
    for number in range(3):
        subscribe_webhook(world.bob, arrived.url(f"bob-{number}"))
    publish_issue(world, on(world.first))
    plan_all()


def a_sender(*, timeout: float = 6.0) -> Sender:
    config = OutgoingConfig(guard=Guard(allow_private=True), timeout=timeout)
    return Sender("webhook", worker="w", clock=lambda: NOW, channel=WebhookChannel(config))


def states() -> dict[str, str]:
    rows = Delivery.objects.values_list("address", "state")
    return {address.rpartition("/")[2]: state for address, state in rows}


def test_the_next_chunks_do_not_wait_for_it(
    arrived: Receivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(a_sender(timeout=60)) as sender:
        assert sender.send_due(size=2) == 2  # the one that hangs, and one beside it
        monkeypatch.setattr(sending, "PATIENCE", 30)
        assert sender.send_due(size=2) == 2
        found = states()
        assert (found["bob-1"], found["bob-2"]) == ("sent", "sent")
        assert found["hang"] == "claimed"
        assert {"bob-1", "bob-2"} <= {hook.path for hook in arrived.hooks} <= set(found) - {"hang"}
        assert sender.send_due(size=2) == 2  # nothing is due any more, but it is under way
        arrived.let_go.set()
    assert set(states().values()) == {"sent"}
    assert {hook.path for hook in arrived.hooks} == {"hang", "bob-0", "bob-1", "bob-2"}


def test_what_is_under_way_is_recorded_in_the_end(arrived: Receivers) -> None:
    with closing(a_sender()) as sender:
        until = time.monotonic() + 60
        while sender.send_due(size=1):
            assert time.monotonic() < until
        assert states() == {"hang": "pending", "bob-0": "sent", "bob-1": "sent", "bob-2": "sent"}
    assert len(arrived.hooks) == 3
    failed = Delivery.objects.get(state="pending")
    assert (failed.attempts_made, failed.last_error) == (1, "127.0.0.1: time-out")


def test_a_sender_that_is_closed_waits_and_records() -> None:
    with closing(a_sender()) as sender:
        sender.send_due()
        assert states()["hang"] == "claimed"
    assert states() == {"hang": "pending", "bob-0": "sent", "bob-1": "sent", "bob-2": "sent"}


def test_so_many_chunks_are_under_way_and_no_more(
    arrived: Receivers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "ABREAST", 2)
    Delivery.objects.update(address=arrived.url("hang"))
    with closing(a_sender()) as sender:
        assert sender.send_due(size=1) == 1
        assert sender.send_due(size=1) == 1  # there is no room for a third, so it waits for one
        assert Delivery.objects.filter(attempts_made=1).exists()
        assert Delivery.objects.filter(attempts_made=0, state="pending").count() == 2
