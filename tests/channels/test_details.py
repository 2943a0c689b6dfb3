"""Details of deliveries are stored in English and found again, so that pages translate them."""

from __future__ import annotations

import pytest
from django.utils import translation

from standfast.apps.delivery.queries.wording import detail_in_words
from standfast.channels.details import PRIVATE, REFUSES, TEMPLATES, UNKNOWN_NAME, recognised


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_sentence_is_found_again_with_its_values(template: str) -> None:
    values = {
        "answer": "503 no\nthanks: 5%",
        "host": "hooks.example",
        "status": "301",
        "schema": "ntfy",
    }
    wanted = {name: value for name, value in values.items() if f"%({name})s" in template}
    assert recognised(template % values if wanted else template) == (template, wanted)


@pytest.mark.parametrize("detail", ["", "550 5.1.1 no such user", "hooks.example: 拒絕連線"])
def test_the_words_of_others_are_left_alone(detail: str) -> None:
    assert recognised(detail) is None
    assert detail_in_words(detail) == detail


@pytest.mark.parametrize(
    ("template", "values", "words"),
    [
        (REFUSES, {"answer": "400 no thanks"}, "接收端拒收：400 no thanks"),
        (UNKNOWN_NAME, {"host": "hooks.example"}, "hooks.example：查無此主機名稱"),
        (PRIVATE, {"host": "10.0.0.1"}, "10.0.0.1 位於私人網路"),
    ],
)
def test_in_chinese(template: str, values: dict[str, str], words: str) -> None:
    with translation.override("zh-hant"):
        assert detail_in_words(template % values).startswith(words)
    with translation.override("en"):
        assert detail_in_words(template % values) == template % values
