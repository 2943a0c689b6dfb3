from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.feeds.matching import match
from standfast.feeds.registry import get_feed
from standfast.feeds.rules import Rule, RuleError, make_rule
from tests.feeds.samples import an_alert, generic_body

DATABASE = an_alert(
    {"summary": "mbx-0173 is down"},
    alertname="DatabaseDown",
    mailbox_database="mbx-0173",
    severity="Critical",
)


def rule(matchers: Sequence[Sequence[str]] = (), **changes: Any) -> Rule:
    values: dict[str, Any] = {
        "component": "{mailbox_database}",
        "service": "exchange",
        "title": {"en": "{alertname} on {mailbox_database}", "zh-hant": "{mailbox_database} 故障"},
    }
    return make_rule("Databases", matchers, **values | changes)


def test_the_first_rule_that_fits_decides() -> None:
    rules = [
        rule([("alertname", "=", "DiskFull")], service="files"),
        rule([("alertname", "=", "DatabaseDown")], severity="high", auto_publish=True),
        rule(service="never reached"),
    ]

    found = match(rules, DATABASE)

    assert found is not None
    assert found.rule is rules[1]
    assert (found.component, found.service, found.feature) == ("mbx-0173", "exchange", "")
    assert found.title == {"en": "DatabaseDown on mbx-0173", "zh-hant": "mbx-0173 故障"}
    assert found.because == ('alertname="DatabaseDown"',)
    assert found.problem == ""


def test_no_rule_no_match() -> None:
    assert match([], DATABASE) is None
    assert match([rule([("alertname", "!=", "DatabaseDown")])], DATABASE) is None


@pytest.mark.parametrize(
    ("operator", "value", "fits"),
    [
        ("=", "mbx-0173", True),
        ("=", "mbx", False),
        ("!=", "mbx-0173", False),
        ("!=", "", True),
        ("=~", "mbx-[0-9]+", True),
        ("=~", "mbx", False),
        ("=~", "(?i)MBX-.*", True),
        ("!~", "mbx", True),
        ("!~", "mbx-.*", False),
    ],
)
def test_operators_compare_the_whole_value(operator: str, value: str, fits: bool) -> None:
    found = match([rule([("mailbox_database", operator, value)])], DATABASE)

    assert (found is not None) == fits


def test_a_missing_label_counts_as_empty() -> None:
    assert match([rule([("region", "=", "")])], DATABASE)
    assert match([rule([("region", "!~", ".+")])], DATABASE)
    assert not match([rule([("region", "=~", ".+")])], DATABASE)


@given(st.text(max_size=40), st.text(max_size=40))
def test_each_operator_is_the_opposite_of_its_negation(label: str, value: str) -> None:
    alert = an_alert(alertname="x", mailbox_database="y", given=label)

    for positive, negative in (("=", "!="), ("=~", "!~")):
        try:
            yes = match([rule([("given", positive, value)])], alert)
            no = match([rule([("given", negative, value)])], alert)
        except RuleError:
            continue
        assert (yes is None) != (no is None)


def test_no_pattern_can_hang_the_receiver() -> None:
    alert = an_alert(alertname="a" * 1024, mailbox_database="y")
    started = time.perf_counter()

    assert match([rule([("alertname", "=~", "(a+)+b")])], alert) is None
    assert match([rule([("alertname", "=~", "a*" * 200 + "b")])], alert) is None

    assert time.perf_counter() - started < 20  # one that can be hung takes years


@pytest.mark.parametrize(
    ("matcher", "problem"),
    [
        (("a", "=~", "("), "RE2"),
        (("a", "!~", r"(b)\1"), "RE2"),
        (("a", "=~", "((x{100}){100}){100}"), "RE2"),
        (("a", "=~", "x" * 501), "at most 500"),
        (("a", "==", "b"), "use = != =~ !~"),
        (("", "=", "b"), "names no label"),
        (("a", "="), "three texts"),
        (("a", "=", 5), "three texts"),
        ("a=b", "three texts"),
    ],
)
def test_an_impossible_matcher_names_the_rule_and_its_place(matcher: Any, problem: str) -> None:
    with pytest.raises(RuleError, match=problem) as error:
        rule([("alertname", "=", "x"), matcher])

    assert error.value.rule == "Databases"
    assert error.value.field == "matchers[1]"
    assert "Databases" in str(error.value)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service": ""}, "service"),
        ({"component": "{mailbox_database"}, "component"),
        ({"component": "}"}, "component"),
        ({"component": "{}"}, "component"),
        ({"title": {"en": "{annotations.}"}}, "title.en"),
        ({"title": {"en": "x" * 501}}, "title.en"),
        ({"status": "broken"}, "status"),
        ({"status": "falsePositive"}, "status"),
        ({"severity": "warning"}, "severity"),
        ({"classification": "outage"}, "classification"),
        ({"matchers": [("a", "=", "b")] * 21}, "matchers"),
    ],
)
def test_an_impossible_rule_names_the_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleError) as error:
        rule(**changes)

    assert error.value.field == field


def test_a_component_that_cannot_be_named_is_an_error_with_what_is_there() -> None:
    with pytest.raises(RuleError, match=r"needs “server”.*alertname, mailbox_database") as error:
        match([rule(component="{server}")], DATABASE)

    assert error.value.field == "component"


def test_a_title_falls_back_rather_than_lose_the_alert() -> None:
    found = match([rule(title={"en": "{annotations.summary}", "zh-hant": "{room}"})], DATABASE)

    assert found is not None
    assert found.title == {"en": "mbx-0173 is down", "zh-hant": "DatabaseDown"}
    assert "“room”" in found.problem


def test_titles_have_a_limit_and_a_default() -> None:
    long = match([rule(title={"en": "{alertname} " * 40})], DATABASE)
    none = match([rule(title={})], DATABASE)

    assert long is not None
    assert len(long.title["en"]) == 200
    assert none is not None
    assert none.title == {"en": "DatabaseDown"}


def test_doubled_braces_are_braces() -> None:
    found = match([rule(title={"en": "{{{alertname}}}"})], DATABASE)

    assert found is not None
    assert found.title == {"en": "{DatabaseDown}"}


def test_values_are_not_templates() -> None:
    alert = an_alert(alertname="{secret}", mailbox_database="{alertname}", secret="x")

    found = match([rule()], alert)

    assert found is not None
    assert found.component == "{alertname}"


def test_the_generic_webhook_may_name_the_catalog_itself() -> None:
    feed = get_feed("generic")
    whole, service_only, neither = (
        match(feed.rules(), feed.parse(body).alerts[0])
        for body in (
            generic_body(),
            generic_body(component=None),
            generic_body(component=None, service=None),
        )
    )

    assert whole is not None
    assert (whole.component, whole.service) == ("mbx-0173", "exchange")
    assert whole.title == {"en": "Disk full"}
    assert service_only is not None
    assert (service_only.component, service_only.service) == ("", "exchange")
    assert neither is None
