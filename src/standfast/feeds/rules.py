"""Label rules: which alerts they take, and what those alerts mean in the catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import re2

from standfast.engine.health.lifecycle import check_first
from standfast.engine.health.refusal import Refused, gettext_noop
from standfast.engine.health.severity import parse_classification, parse_severity
from standfast.feeds.errors import FeedError, Sentence
from standfast.feeds.placeholders import check_template

OPERATORS: Final = ("=", "!=", "=~", "!~")
LONGEST_PATTERN: Final = 500
MOST_MATCHERS: Final = 20
#: RE2's memory for one pattern, in bytes; it matches in linear time, so no pattern can hang us.
PATTERN_MEMORY: Final = 1 << 20


class RuleError(FeedError):
    """A label rule cannot work: `rule` names it, `field` the part, `message` the fix."""

    def __init__(self, rule: str, field: str, template: str, **params: object) -> None:
        self.rule = rule
        super().__init__(field, template, **params)

    @property
    def whole(self) -> Sentence:
        """The message with the rule and the part in front."""
        return Sentence(
            gettext_noop("rule “%(rule)s”, %(part)s: %(problem)s"),
            {"rule": self.rule, "part": self.field, "problem": self.said},
        )


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label; a missing label counts as empty text, as in Alertmanager."""

    label: str
    operator: str
    value: str
    holds_for: Callable[[str], bool] = field(repr=False, compare=False)

    def __str__(self) -> str:
        return f'{self.label}{self.operator}"{self.value}"'


@dataclass(frozen=True, slots=True)
class Rule:
    """What alerts that meet all `matchers` mean. Make one with `make_rule`, which checks it.

    `component`, `service`, `feature` and each language's `title` are templates over the alert's
    labels: “{mailbox_database}”, or “{annotations.summary}” for an annotation.
    """

    name: str
    matchers: tuple[Matcher, ...]
    component: str
    service: str
    feature: str
    title: Mapping[str, str]
    classification: str
    status: str
    severity: str
    auto_publish: bool


def make_rule(
    name: str,
    matchers: Iterable[Sequence[str]],
    *,
    component: str,
    service: str,
    feature: str = "",
    title: Mapping[str, str] | None = None,
    classification: str = "incident",
    status: str = "investigating",
    severity: str = "normal",
    auto_publish: bool = False,
) -> Rule:
    """The rule, checked; raises `RuleError` naming the rule, the field and the fix."""
    conditions = list(matchers)
    if len(conditions) > MOST_MATCHERS:
        raise RuleError(
            name,
            "matchers",
            gettext_noop("are %(count)s; use at most %(limit)s."),
            count=len(conditions),
            limit=MOST_MATCHERS,
        )
    if not service:
        raise RuleError(
            name, "service", gettext_noop("is missing; name the service that is affected.")
        )
    titles = dict(title or {})
    templates = {"component": component, "service": service, "feature": feature}
    templates |= {f"title.{language}": text for language, text in titles.items()}
    try:
        for part, template in templates.items():
            check_template(template, part)
        check_first(status)
        parse_classification(classification)
        parse_severity(severity)
    except (FeedError, Refused) as error:
        raise RuleError(name, error.field, error.template, **error.params) from None
    return Rule(
        name=name,
        matchers=tuple(
            _matcher(name, f"matchers[{place}]", condition)
            for place, condition in enumerate(conditions)
        ),
        component=component,
        service=service,
        feature=feature,
        title=titles,
        classification=classification,
        status=status,
        severity=severity,
        auto_publish=auto_publish,
    )


def _matcher(rule: str, part: str, condition: Sequence[str]) -> Matcher:
    if (
        isinstance(condition, str)
        or len(condition) != 3
        or not all(isinstance(text, str) for text in condition)
    ):
        raise RuleError(rule, part, gettext_noop("must be three texts: label, operator, value."))
    label, operator, value = condition
    if not label:
        raise RuleError(rule, part, gettext_noop("names no label."))
    if operator not in OPERATORS:
        raise RuleError(
            rule,
            part,
            gettext_noop("has the operator “%(operator)s”; use %(allowed)s."),
            operator=operator,
            allowed=" ".join(OPERATORS),
        )
    return Matcher(label, operator, value, _test(rule, part, operator, value))


def _test(rule: str, part: str, operator: str, value: str) -> Callable[[str], bool]:
    match operator:
        case "=":
            return lambda text: text == value
        case "!=":
            return lambda text: text != value
    fits = _pattern(rule, part, value)
    return fits if operator == "=~" else lambda text: not fits(text)


def _pattern(rule: str, part: str, pattern: str) -> Callable[[str], bool]:
    if len(pattern) > LONGEST_PATTERN:
        raise RuleError(
            rule,
            part,
            gettext_noop("has a pattern of %(count)s characters; use at most %(limit)s."),
            count=len(pattern),
            limit=LONGEST_PATTERN,
        )
    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    options.max_mem = PATTERN_MEMORY
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise RuleError(
            rule,
            part,
            gettext_noop("“%(pattern)s” is not a pattern that RE2 knows (%(reason)s)."),
            pattern=pattern,
            reason=text,
        ) from None
    return lambda text: compiled.fullmatch(text) is not None
