"""From an alert to the catalog: which rule takes it, which component and service it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Component, Feature, Service
from standfast.apps.ingest.models import AlertSource, LabelRule
from standfast.apps.tenancy.languages import LANGUAGES, Localised
from standfast.feeds.alerts import Alert
from standfast.feeds.errors import FeedError
from standfast.feeds.matching import Match, match
from standfast.feeds.registry import get_feed
from standfast.feeds.rules import Rule, make_rule


@dataclass(frozen=True, slots=True)
class Place:
    """Where an alert belongs; without a `service` it belongs nowhere, and `problem` says why.

    `rule` is None for rules that come with the feed. A `problem` beside a service is a remark.
    """

    match: Match | None = None
    rule: LabelRule | None = None
    component: Component | None = None
    service: Service | None = None
    feature: Feature | None = None
    problem: str = ""

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
    broken = ""
    for row in source.rules.order_by("position", "id"):
        try:
            rules.append((compiled(row), row))
        except FeedError as error:
            broken = str(error)
    rules += [(rule, None) for rule in get_feed(source.kind).rules()]
    found = [_matched(rules, alert, broken) for alert in alerts]
    catalog = _Catalog(source, [each.match for each in found if each.match])
    with translation.override(source.provider.language):
        return [catalog.place(each) for each in found]


def _matched(rules: list[tuple[Rule, LabelRule | None]], alert: Alert, broken: str) -> Place:
    try:
        fitting = match((rule for rule, _row in rules), alert)
    except FeedError as error:
        return Place(problem=str(error)[:300])
    if fitting is None:
        return Place(problem=broken[:300])
    row = next(row for rule, row in rules if rule is fitting.rule)
    return Place(match=fitting, rule=row, problem=fitting.problem[:300])


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
            return Place(problem=found.problem or _("No rule fits these labels; add one."))
        service = self._services.get(match.service)
        component = self._components.get(match.component)
        if service is None:
            problem = _("There is no service “%(key)s”.") % {"key": match.service}
            return Place(match, found.rule, component, problem=problem[:300])
        if match.component and component is None:
            problem = _("There is no component “%(key)s”.") % {"key": match.component}
            return Place(match, found.rule, problem=problem[:300])
        feature = self._features.get((service.pk, match.feature))
        problem = found.problem
        if match.feature and feature is None:
            problem = _("There is no feature “%(key)s”.") % {"key": match.feature}
        return Place(match, found.rule, component, service, feature, problem[:300])
