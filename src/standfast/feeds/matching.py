"""From an alert to the catalog: the first rule whose conditions all hold decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from standfast.feeds.alerts import Alert
from standfast.feeds.errors import Sentence
from standfast.feeds.placeholders import MissingLabel, fill
from standfast.feeds.rules import Rule, RuleError

LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class Match:
    """What an alert means: the rule's templates filled in, and `because`, the conditions held.

    `component`, `service` and `feature` are keys of the catalog (component and feature may be
    empty). `remark`, if any, says why a title had to fall back to the alert's name.
    """

    rule: Rule
    component: str
    service: str
    feature: str
    title: Mapping[str, str]
    because: tuple[str, ...]
    remark: Sentence | None = None

    @property
    def problem(self) -> str:
        """The remark in English; empty without one."""
        return str(self.remark or "")


def match(rules: Iterable[Rule], alert: Alert) -> Match | None:
    """What the first fitting rule makes of the alert; None when no rule fits.

    Raises `RuleError` naming the rule and the field when component, service or feature needs a
    label that the alert does not have.
    """
    for rule in rules:
        if all(matcher.holds_for(alert.labels.get(matcher.label, "")) for matcher in rule.matchers):
            return _filled(rule, alert)
    return None


def _filled(rule: Rule, alert: Alert) -> Match:
    try:
        component, service, feature = (
            fill(template, alert, part).strip()
            for part, template in (
                ("component", rule.component),
                ("service", rule.service),
                ("feature", rule.feature),
            )
        )
    except MissingLabel as error:
        raise RuleError(rule.name, error.field, error.template, **error.params) from None
    title, remark = _title(rule, alert)
    return Match(
        rule=rule,
        component=component,
        service=service,
        feature=feature,
        title=title,
        because=tuple(map(str, rule.matchers)),
        remark=remark,
    )


def _title(rule: Rule, alert: Alert) -> tuple[dict[str, str], Sentence | None]:
    """Titles per language; wording never loses an alert, so what is missing falls back."""
    name = alert.labels.get("alertname") or alert.fingerprint
    titles: dict[str, str] = {}
    remark: Sentence | None = None
    for language, template in (rule.title or {"en": ""}).items():
        try:
            titles[language] = fill(template, alert, f"title.{language}") or name
        except MissingLabel as error:
            titles[language] = name
            remark = RuleError(rule.name, error.field, error.template, **error.params).whole
    return {language: _cut(text) for language, text in titles.items()}, remark


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"
