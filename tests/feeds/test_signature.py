from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from standardwebhooks import Webhook

from standfast.feeds.errors import BadSignature, BodyTooLarge, FeedError
from standfast.feeds.registry import FEEDS, get_feed, receive
from standfast.feeds.signature import verify
from tests.feeds.samples import NOW, alertmanager_body, generic_body

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = generic_body()


def signed(body: bytes = BODY, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("msg_1", at, body.decode()),
    }


def test_a_signed_body_is_believed() -> None:
    assert verify(BODY, signed(), [SECRET], now=NOW) == "msg_1"


def test_during_a_rotation_both_secrets_are_good() -> None:
    assert verify(BODY, signed(secret=OTHER), [SECRET, OTHER], now=NOW)
    both = signed() | {
        "Webhook-Signature": f"{signed(secret=OTHER)['Webhook-Signature']} "
        f"{signed()['Webhook-Signature']}"
    }
    assert verify(BODY, both, [SECRET], now=NOW)


@pytest.mark.parametrize(
    ("body", "headers", "field"),
    [
        (BODY + b" ", signed(), "webhook-signature"),
        (BODY, signed(secret=OTHER), "webhook-signature"),
        (BODY, signed() | {"Webhook-Id": "msg_2"}, "webhook-signature"),
        (BODY, signed() | {"Webhook-Signature": "v1"}, "webhook-signature"),
        (BODY, signed() | {"Webhook-Signature": "v1,\u2603,x v2,abc"}, "webhook-signature"),
        (BODY, signed() | {"Webhook-Signature": ""}, "webhook-signature"),
        (BODY, signed() | {"Webhook-Timestamp": "nan"}, "webhook-timestamp"),
        (BODY, signed() | {"Webhook-Timestamp": "9" * 12}, "webhook-timestamp"),
        (BODY, signed(at=NOW - timedelta(minutes=6)), "webhook-timestamp"),
        (BODY, signed(at=NOW + timedelta(minutes=6)), "webhook-timestamp"),
        (b"\xff", signed(), "body"),
        (BODY, {}, "webhook-id"),
    ],
)
def test_what_is_not_proven_is_refused(body: bytes, headers: dict[str, str], field: str) -> None:
    with pytest.raises(BadSignature) as error:
        verify(body, headers, [SECRET], now=NOW)

    assert error.value.field == field
    assert SECRET not in str(error.value)


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(BadSignature):
        verify(BODY, signed(), [], now=NOW)


def test_a_signed_feed_is_never_read_unsigned() -> None:
    with pytest.raises(BadSignature):
        receive("generic", BODY, headers={}, secrets=[SECRET], now=NOW)

    assert receive("generic", BODY, headers=signed(), secrets=[SECRET], now=NOW).alerts


def test_an_unsigned_feed_needs_no_secret() -> None:
    assert receive("alertmanager", alertmanager_body(), headers={}, secrets=[], now=NOW).alerts


def test_size_is_checked_before_anything_else() -> None:
    with pytest.raises(BodyTooLarge):
        receive("generic", BODY, headers={}, secrets=[], now=NOW, limit=10)


def test_an_unknown_feed_is_named_with_those_that_exist() -> None:
    with pytest.raises(FeedError, match=r"“smoke signals” .*alertmanager, generic"):
        get_feed("smoke signals")


@pytest.mark.parametrize("kind", FEEDS)
def test_every_feed_refuses_nonsense_with_a_field(kind: str) -> None:
    for body in (b"", b"null", b"{}", b"\x00"):
        with pytest.raises(FeedError) as error:
            get_feed(kind).parse(body)
        assert error.value.field
