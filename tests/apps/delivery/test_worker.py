"""The worker: duties on their own, several workers at once, quick and peaceful."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from standfast.apps.delivery.duties import HEARTBEAT, make_duties, worker_name
from standfast.apps.delivery.models import Delivery, Notice
from standfast.apps.delivery.services.planning import plan_waiting
from standfast.apps.delivery.services.sending import Sender
from standfast.apps.delivery.worker import Duty, Worker, pause_after
from tests.apps.delivery.receivers import Receivers
from tests.factories_delivery import subscribe_mailbox, subscribe_webhook
from tests.factories_incidents import make_world, on, publish_issue

#: Seconds for what comes soon, on a machine that may stand still for some.
PLENTY = 30.0


def within(seconds: float, met: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not met():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def all_have(arrived: Receivers, number: int) -> bool:
    return len(arrived.hooks) == len(arrived.mails) == number


def test_a_failing_duty_is_paused_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    done: list[float] = []
    failed: list[float] = []

    def work() -> int:
        done.append(time.monotonic())
        return 0

    def fail() -> int:
        failed.append(time.monotonic())
        raise RuntimeError("broken")

    worker = Worker([Duty("fails", 0.01, fail), Duty("works", 0.01, work)])
    worker.start()
    assert within(PLENTY, lambda: len(done) > 20 and len(failed) > 1)
    assert worker.stop(patience=PLENTY)
    pauses = [after - before for before, after in pairwise(failed)]
    assert all(pause >= pause_after(number) for number, pause in enumerate(pauses, 1))
    assert len(done) > len(failed)
    assert "duty fails failed" in caplog.text


def test_stopping_lets_a_duty_finish_and_close() -> None:
    began, finish = threading.Event(), threading.Event()
    steps: list[str] = []

    def work() -> int:
        began.set()
        finish.wait(PLENTY)
        steps.append("finished")
        return 1

    worker = Worker([Duty("slow", 1, work, lambda: steps.append("closed"))])
    worker.start()
    assert began.wait(PLENTY)
    threading.Timer(0.2, finish.set).start()
    assert worker.stop(patience=PLENTY)
    assert steps == ["finished", "closed"]


def test_the_pause_grows_up_to_a_minute() -> None:
    assert [pause_after(failures) for failures in (1, 2, 3, 50)] == [1, 2, 4, 60]


@pytest.mark.django_db(transaction=True)
def test_what_is_published_arrives_within_a_second(
    arrived: Receivers, tmp_path: Path, settings: Settings
) -> None:
    world = make_world()
    subscribe_mailbox(world.alice, "desk@alice.example")
    subscribe_webhook(world.bob, arrived.url("bob"))
    worker = Worker(make_duties(worker=worker_name(), data_dir=tmp_path))
    worker.start()
    try:
        assert within(PLENTY, (tmp_path / HEARTBEAT).exists)
        # The machine that runs the tests may stand still now and then; alone it takes about a
        # quarter of a second, and each time so.
        for number in range(1, 11):
            publish_issue(world, on(world.first), now=timezone.now())
            published = time.monotonic()
            assert within(PLENTY, partial(all_have, arrived, number))
            took = time.monotonic() - published
            if took < 1:
                break
    finally:
        assert worker.stop(patience=PLENTY)
    assert took < 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_several_workers_share_the_work_and_repeat_nothing(arrived: Receivers) -> None:
    world = make_world()
    for number in range(40):
        subscribe_mailbox(world.alice, f"desk-{number}@alice.example")
    for _ in range(3):
        publish_issue(world, on(world.first), now=timezone.now())
    start = threading.Barrier(3)
    failures: list[BaseException] = []

    def work(name: str) -> None:
        sender = Sender("email", worker=name)
        start.wait(PLENTY)
        try:
            plan_waiting(now=timezone.now())
            for _ in range(20):
                sender.send_due(size=10)
        except BaseException as error:
            failures.append(error)
        finally:
            sender.close()
            connections.close_all()

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Notice.objects.count() == 3
    assert Delivery.objects.filter(state="sent").count() == Delivery.objects.count() == 120
    assert len(arrived.mails) == 120
