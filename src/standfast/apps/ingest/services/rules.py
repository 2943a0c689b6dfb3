"""Label rules: ordered, checked before they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Feature, Service
from standfast.apps.ingest.models import AlertSource, LabelRule
from standfast.apps.ingest.queries.placing import compiled
from standfast.apps.ingest.queries.wording import in_words
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.checks import plain_line
from standfast.feeds.errors import FeedError

MOST_RULES = 500
LONGEST = {"component": 200, "feature": 60, "service": 60}


@dataclass(frozen=True, slots=True)
class RuleFields:
    """`matchers` are (label, operator, value); `component` and `title` templates over labels."""

    name: str
    service: str
    matchers: Sequence[Sequence[str]] = ()
    component: str = ""
    feature: str = ""
    title: Localised = field(default_factory=dict)
    classification: str = "incident"
    status: str = "investigating"
    severity: str = "normal"
    auto_publish: bool = False


@transaction.atomic
def save_rule(
    *, source: AlertSource, rule: LabelRule | None, fields: RuleFields, by: Actor, now: datetime
) -> LabelRule:
    """Store a rule: a new one at the end (`rule` None), or a changed one in its place.

    Raises Refused naming the field and the fix.
    """
    if rule is None:
        if source.rules.count() >= MOST_RULES:
            raise Refused("name", _("There are too many rules; make one of them wider."))
        last = source.rules.aggregate(last=Max("position"))["last"]
        rule = LabelRule(source=source, position=0 if last is None else last + 1)
    for name, value in asdict(fields).items():
        setattr(rule, name, value)
    rule.name = plain_line("name", fields.name, longest=100)
    rule.matchers = [[text.strip() for text in matcher] for matcher in fields.matchers]
    rule.title = {language: text.strip() for language, text in fields.title.items() if text.strip()}
    _check(rule)
    rule.save()
    _audit("rule.saved", rule, by, now)
    return rule


@transaction.atomic
def delete_rule(*, rule: LabelRule, by: Actor, now: datetime) -> None:
    """Remove a rule; alerts that it placed keep their place."""
    _audit("rule.deleted", rule, by, now)
    LabelRule.objects.filter(pk=rule.pk).delete()


@transaction.atomic
def move_rule(*, rule: LabelRule, up: bool, by: Actor, now: datetime) -> None:
    """Ask a rule one place earlier or later; at the end of the list nothing happens."""
    rows = list(LabelRule.objects.select_for_update().filter(source=rule.source))
    place = next((i for i, row in enumerate(rows) if row.pk == rule.pk), None)
    if place is None:
        raise NoAccess
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    LabelRule.objects.bulk_update(rows, ["position"])
    _audit("rule.moved", rule, by, now, up=up)


def _check(rule: LabelRule) -> None:
    """Names without placeholders must be in the catalog; the rest is checked by the feeds."""
    provider = rule.source.provider
    if "{" not in rule.service:
        service = Service.objects.filter(
            provider=provider, key=rule.service, retired_at__isnull=True
        ).first()
        if service is None:
            raise Refused("service", _("Choose one of your services."))
        features = Feature.objects.filter(service=service, key=rule.feature)
        if rule.feature and "{" not in rule.feature and not features.exists():
            raise Refused("feature", _("This service has no such feature."))
    for name, longest in LONGEST.items():
        text = plain_line(name, getattr(rule, name), longest=longest, required=False)
        setattr(rule, name, text)
    try:
        compiled(rule)
    except FeedError as error:
        field_name = error.field.split("[")[0].replace(".", "_").replace("-", "_")
        raise Refused(field_name, in_words(error.said)) from error


def _audit(action: str, rule: LabelRule, by: Actor, now: datetime, **details: object) -> None:
    record(
        by=by,
        organisation=rule.source.provider,
        action=action,
        kind="label rule",
        key=rule.pk,
        now=now,
        source=rule.source.key,
        name=rule.name,
        **details,
    )
