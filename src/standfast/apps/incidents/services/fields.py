"""What a communicator says about an issue, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Feature, Service
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.incidents.services.wording import LONGEST_TEXT, LONGEST_TITLE, checked
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.models import Organisation
from standfast.engine.health.cadence import LONGEST, SHORTEST
from standfast.engine.health.lifecycle import check_first
from standfast.engine.health.severity import Classification, Severity

# A start a little ahead of our clock is somebody else's clock; further ahead is a slip of the pen.
CLOCK_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class IssueFields:
    """Everything but scope and posts. Texts are per language; `start_at` is aware."""

    service: Service
    title: Localised
    user_impact: Localised
    start_at: datetime
    feature: Feature | None = None
    more_info: Localised = field(default_factory=dict)
    workaround: Localised = field(default_factory=dict)
    root_cause: Localised = field(default_factory=dict)
    classification: str = "incident"
    status: str = "investigating"
    severity: str = "normal"
    is_public: bool = False
    cadence_minutes: int = 60


TEXTS = ("title", "user_impact", "more_info", "workaround", "root_cause")
PLAIN = (
    "service",
    "feature",
    "classification",
    "severity",
    "is_public",
    "start_at",
    "cadence_minutes",
)


def fields_of(issue: Issue) -> IssueFields:
    """The fields as stored, for changing some of them with `dataclasses.replace`."""
    return IssueFields(**{name: getattr(issue, name) for name in (*TEXTS, *PLAIN, "status")})


def check_fields(
    fields: IssueFields, *, provider: Organisation, now: datetime, first: bool = True
) -> IssueFields:
    """Return the fields cleaned. Raises Refused naming the first field that cannot be used.

    `first`: the status must be one that an issue may begin with (later ones follow the life cycle).
    """
    if fields.service.provider_id != provider.pk or fields.service.retired_at:
        raise Refused("service", _("Choose one of your services."))
    if fields.feature and fields.feature.service_id != fields.service.pk:
        raise Refused("feature", _("This feature belongs to another service; choose again."))
    if fields.classification not in list(Classification):
        raise Refused("classification", _("Choose incident or advisory."))
    if fields.severity not in list(Severity):
        raise Refused("severity", _("Choose normal, high or critical."))
    if fields.start_at.tzinfo is None:
        raise Refused("start_at", _("The time has no zone; write it like 2026-01-31T14:00:00Z."))
    if fields.start_at > now + CLOCK_SKEW:
        raise Refused("start_at", _("The start lies in the future; an issue has begun already."))
    check_cadence(fields.cadence_minutes)
    if first:
        with by_the_rules():
            check_first(fields.status)
    texts: dict[str, Any] = {
        name: checked(
            name,
            getattr(fields, name),
            required=name in {"title", "user_impact"},
            longest=LONGEST_TITLE if name == "title" else LONGEST_TEXT,
            one_line=name == "title",
        )
        for name in TEXTS
    }
    return replace(fields, **texts)


def check_cadence(minutes: int) -> None:
    """Raise Refused unless updates can be promised so many minutes apart."""
    shortest, longest = (int(each.total_seconds() // 60) for each in (SHORTEST, LONGEST))
    if not shortest <= minutes <= longest:
        raise Refused(
            "cadence_minutes",
            _("Give between %(shortest)s and %(longest)s minutes.")
            % {"shortest": shortest, "longest": longest},
        )


def write_fields(issue: Issue, fields: IssueFields) -> dict[str, object]:
    """Put the fields on the issue (unsaved); return what changed, for the audit log."""
    changed: dict[str, object] = {}
    for name in (*TEXTS, *PLAIN):
        new = getattr(fields, name)
        if getattr(issue, name) != new:
            changed[name] = new if isinstance(new, dict | bool | int) else str(new)
            setattr(issue, name, new)
    return changed
