from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.channels.contract import PermanentFailure, TemporaryFailure
from standfast.channels.outgoing.answers import judge, parse_wait

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_a_success(status: int) -> None:
    assert judge(status, "", "thanks", now=NOW) == str(status)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422])
def test_a_refusal_is_permanent_but_the_address_lives(status: int) -> None:
    with pytest.raises(PermanentFailure, match=f"{status} no thanks") as failure:
        judge(status, "", "no thanks", now=NOW)

    assert not failure.value.gone


def test_gone_is_gone() -> None:
    with pytest.raises(PermanentFailure) as failure:
        judge(410, "", "", now=NOW)

    assert failure.value.gone


@pytest.mark.parametrize("status", [301, 308])
def test_a_receiver_that_moved_must_be_entered_anew(status: int) -> None:
    with pytest.raises(PermanentFailure, match="enter the new address"):
        judge(status, "", "", now=NOW)


@pytest.mark.parametrize("status", [302, 303, 307, 408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_temporary(status: int) -> None:
    with pytest.raises(TemporaryFailure) as failure:
        judge(status, "30", "", now=NOW)

    assert failure.value.retry_after == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("Sun, 01 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 01 Mar 2026 12:05:00 -0000", timedelta(minutes=5)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("999999999999", timedelta(days=1)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=1)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
    ],
)
def test_how_long_to_wait(value: str, wait: timedelta | None) -> None:
    assert parse_wait(value, now=NOW) == wait


@given(st.text(max_size=40))
def test_no_header_makes_us_wait_for_ever_or_fail(value: str) -> None:
    wait = parse_wait(value, now=NOW)

    assert wait is None or timedelta(0) <= wait <= timedelta(days=1)


@pytest.mark.parametrize("status", [300, 302, 303, 307])
def test_an_address_that_points_elsewhere_says_so(status: int) -> None:
    with pytest.raises(TemporaryFailure, match=rf"moved \({status}\); redirects are not followed"):
        judge(status, "", "Found", now=NOW)
