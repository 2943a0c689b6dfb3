"""From an alert to the catalog: which rule takes it, which component and service it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from standfast.apps.catalog.models import Component, Feature, Service
from standfast.apps.ingest.models import AlertSource, LabelRule
from standfast.apps.ingest.queries.wording import in_words
from standfast.apps.tenancy.languages import LANGUAGES, Localised
from standfast.engine.health.refusal import gettext_noop
from standfast.feeds.alerts import Alert
from standfast.feeds.errors import FeedError, Sentence
from standfast.feeds.matching import Match, match
from standfast.feeds.registry import get_feed
from standfast.feeds.rules import Rule, make_rule

_NO_RULE = gettext_noop("No rule fits these labels; add one.")
_NO_SERVICE = gettext_noop("There is no service “%(key)s”.")
_NO_COMPONENT = gettext_noop("There is no component “%(key)s”.")
_NO_FEATURE = gettext_noop("There is no feature “%(key)s”.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an alert belongs; without a `service` it belongs nowhere, and `remark` says why.

    `rule` is None for rules that come with the feed. Beside a service the remark stops nothing.
    """

    match: Match | None = None
    rule: LabelRule | None = None
    component: Component | None = None
    service: Service | None = None
    feature: Feature | None = None
    remark: Sentence | None = None

    @property
    def problem(self) -> str:
        """The remark in the active language, cut to what a row holds; empty without one."""
        return in_words(self.remark)[:300] if self.remark else ""

    @property
    def title(self) -> Localised:
        """The title of an issue that the alert opens, without what could pass for HTML."""
        titles = self.match.title if self.match else {}
        return {
            language: text.replace("<", "‹").replace(">", "›")
            for language, text in titles.items()
            if language in LANGUAGES
        }


def compiled(rule: LabelRule) -> Rule:
    """The stored rule, ready to match. Raises RuleError naming what is wrong with it."""
    return make_rule(
        rule.name,
        rule.matchers,
        component=rule.component,
        service=rule.service,
        feature=rule.feature,
        title=rule.title,
        classification=rule.classification,
        status=rule.status,
        severity=rule.severity,
        auto_publish=rule.auto_publish,
    )


def place_alerts(source: AlertSource, alerts: Iterable[Alert]) -> list[Place]:
    """Find the place of each alert by the source's rules; the catalog is read once for all."""
    rules: list[tuple[Rule, LabelRule | None]] = []
    broken: Sentence | None = None
    for row in source.rules.order_by("position", "id"):
        try:
            rules.append((compiled(row), row))
        except FeedError as error:
            broken = error.whole
    rules += [(rule, None) for rule in get_feed(source.kind).rules()]
    found = [_matched(rules, alert, broken) for alert in alerts]
    catalog = _Catalog(source, [each.match for each in found if each.match])
    return [catalog.place(each) for each in found]


def _matched(
    rules: list[tuple[Rule, LabelRule | None]], alert: Alert, broken: Sentence | None
) -> Place:
    try:
        fitting = match((rule for rule, _row in rules), alert)
    except FeedError as error:
        return Place(remark=error.whole)
    if fitting is None:
        return Place(remark=broken)
    row = next(row for rule, row in rules if rule is fitting.rule)
    return Place(match=fitting, rule=row, remark=fitting.remark)


class _Catalog:
    """What the matches name, in three queries."""

    def __init__(self, source: AlertSource, matches: list[Match]) -> None:
        provider = source.provider
        services = Service.objects.filter(
            provider=provider,
            retired_at__isnull=True,
            key__in={each.service for each in matches},
        )
        components = Component.objects.filter(
            provider=provider,
            retired_at__isnull=True,
            key__in={each.component for each in matches},
        )
        self._services = {each.key: each for each in services.select_related("provider")}
        self._components = {each.key: each for each in components}
        features = Feature.objects.filter(service__in=self._services.values())
        self._features = {(each.service_id, each.key): each for each in features}

    def place(self, found: Place) -> Place:
        """Look up what the match names; an unknown name is a problem, never a guess."""
        match = found.match
        if match is None:
            return Place(remark=found.remark or Sentence(_NO_RULE))
        service = self._services.get(match.service)
        component = self._components.get(match.component)
        if service is None:
            missing = Sentence(_NO_SERVICE, {"key": match.service})
            return Place(match, found.rule, component, remark=missing)
        if match.component and component is None:
            missing = Sentence(_NO_COMPONENT, {"key": match.component})
            return Place(match, found.rule, remark=missing)
        feature = self._features.get((service.pk, match.feature))
        missing = Sentence(_NO_FEATURE, {"key": match.feature})
        remark = missing if match.feature and feature is None else found.remark
        return Place(match, found.rule, component, service, feature, remark)
