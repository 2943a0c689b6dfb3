from __future__ import annotations

import pytest

from standfast.channels.contract import AddressRefused, Brief, ConfigError
from standfast.channels.sms.send import _texts, normalise, open_sms
from tests.channels.briefs import LINK, message


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+886 912-345-678", "+886912345678"),
        ("00 886 (912) 345.678", "+886912345678"),
        (" +4930123456 ", "+4930123456"),
    ],
)
def test_a_number_has_one_spelling(written: str, meant: str) -> None:
    assert normalise(written) == meant


@pytest.mark.parametrize("written", ["", "0912345678", "+12", "+886abc", "+886912345678901234"])
def test_a_number_without_its_country_is_refused(written: str) -> None:
    with pytest.raises(AddressRefused, match="with its country"):
        normalise(written)


def test_a_gateway_without_a_place_for_the_number_is_named() -> None:
    with pytest.raises(ConfigError, match=r"gateway: .*\{to\}"):
        open_sms({"gateway": "twilio://sid:token@from"})


@pytest.mark.parametrize(("words", "limit"), [("Mail is slow. ", 306), ("郵件服務緩慢。", 134)])
def test_a_text_message_is_short_and_its_link_is_whole(words: str, limit: int) -> None:
    title, body = _texts(message(brief=Brief(words * 9, words * 90)), None)

    assert title == ""
    assert body.endswith(LINK)
    assert len(body) <= limit
