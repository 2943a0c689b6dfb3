"""A host that hangs costs a few time-outs, not one for each of its messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from yarl import URL

from standfast.channels.contract import TemporaryFailure
from standfast.channels.outgoing import hanging
from standfast.channels.outgoing.hanging import HOLD, IN_A_ROW, Hanging

HOST = URL("https://hooks.example.com/one")
OTHER_PATH = URL("https://hooks.example.com/two")
OTHER_PORT = URL("https://hooks.example.com:8443/one")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def miss(found: Hanging, times: int) -> None:
    for _ in range(times):
        found.timed_out(HOST)


def test_a_few_time_outs_hold_up_nobody() -> None:
    found = Hanging(Clock())
    miss(found, IN_A_ROW - 1)
    found.check(HOST)


def test_after_many_in_a_row_the_host_is_left_alone_for_a_while() -> None:
    clock = Clock()
    found = Hanging(clock)
    miss(found, IN_A_ROW)
    clock.now += 10
    with pytest.raises(TemporaryFailure, match=r"hooks\.example\.com: gave no answer") as failure:
        found.check(OTHER_PATH)
    assert failure.value.retry_after == timedelta(seconds=HOLD - 10)
    found.check(OTHER_PORT)


def test_then_one_request_goes_through_and_its_answer_opens_the_host() -> None:
    clock = Clock()
    found = Hanging(clock)
    miss(found, IN_A_ROW)
    clock.now += HOLD
    found.check(HOST)
    with pytest.raises(TemporaryFailure):
        found.check(OTHER_PATH)
    found.answered(HOST)
    found.check(OTHER_PATH)


def test_an_answer_in_between_begins_the_count_anew() -> None:
    found = Hanging(Clock())
    miss(found, IN_A_ROW - 1)
    found.answered(OTHER_PATH)
    miss(found, IN_A_ROW - 1)
    found.check(HOST)


def test_only_so_many_hosts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hanging, "MOST_HOSTS", 3)
    found = Hanging(Clock())
    for number in range(10):
        found.timed_out(URL(f"https://{number}.example.com/"))
    assert len(found._misses) <= 3
