"""The form of an issue's fields, for drafts and beside updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from standfast.apps.catalog.queries.features import features_by_service
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.tenancy.languages import pick
from standfast.engine.health.lifecycle import FIRST
from standfast.engine.health.severity import Classification, Severity
from standfast.engine.health.status import rank
from standfast.web.console.moments import MomentField, zone_hint
from standfast.web.console.texts import Text, TextsForm, spread
from standfast.web.labels import label_of

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Feature, Service
    from standfast.apps.incidents.models import Issue

MARKDOWN = _("Markdown works in all texts: **bold**, lists, [links](https://…). No HTML.")


def choices(kind: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """Stored kinds with the words that people read."""
    return [(str(value), label_of(kind, str(value))) for value in values]


def worst_first(statuses: Iterable[str]) -> list[str]:
    """Statuses in the order in which people look for them."""
    return sorted(statuses, key=rank, reverse=True)


class IssueForm(TextsForm):
    """Every field of `IssueFields`; what is wrong with one is said by the service that checks."""

    texts: ClassVar[dict[str, Text]] = {
        "title": Text(_("Title"), rows=1, required=True),
        "user_impact": Text(_("User impact"), rows=4, hint=MARKDOWN, required=True),
        "workaround": Text(_("Workaround"), rows=3),
        "more_info": Text(_("More info"), rows=3),
        "root_cause": Text(_("Root cause, when known"), rows=3),
    }

    def __init__(self, *args: Any, services: list[Service], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._services = {str(service.pk): service for service in services}
        self._features: dict[str, Feature] = {}
        self.add_field("service", self._service_field(services))
        self.add_field("feature", self._feature_field(services))
        for name, label, kind, values in (
            ("classification", _("Classification"), "classification", list(Classification)),
            ("status", _("Status"), "status", worst_first(FIRST)),
            ("severity", _("Severity"), "severity", list(Severity)),
        ):
            self.add_field(name, forms.ChoiceField(label=label, choices=choices(kind, values)))
        self.add_field(
            "start_at", MomentField(label=_("Estimated start"), help_text=zone_hint(now))
        )
        self.add_field(
            "cadence_minutes",
            forms.IntegerField(
                label=_("Minutes between updates"),
                help_text=_("The next update is promised so many minutes after each post."),
            ),
        )
        self.add_field(
            "is_public",
            forms.BooleanField(label=_("Show it on the public page as well"), required=False),
        )
        self.add_field(
            "version", forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
        )

    def issue_fields(self) -> IssueFields:
        """What was typed, from a valid form."""
        data = self.cleaned_data
        return IssueFields(
            service=self._services[data["service"]],
            feature=self._features.get(data["feature"]),
            start_at=data["start_at"],
            classification=data["classification"],
            status=data["status"],
            severity=data["severity"],
            is_public=data["is_public"],
            cadence_minutes=data["cadence_minutes"],
            **{name: self.localised(name) for name in self.texts},
        )

    def rough_fields(self, *, now: datetime) -> IssueFields | None:
        """What was typed as far as it can be used, to fill a template; None without a service."""
        service = self._services.get(str(self["service"].value()))
        if service is None:
            return None
        self.is_valid()
        return IssueFields(
            service=service,
            feature=self._features.get(str(self["feature"].value())),
            title=self.typed("title"),
            user_impact=self.typed("user_impact"),
            start_at=getattr(self, "cleaned_data", {}).get("start_at") or now,
        )

    def _service_field(self, services: list[Service]) -> forms.ChoiceField:
        language = get_language() or "en"
        named = [(str(each.pk), pick(each.name, language)) for each in services]
        return forms.ChoiceField(label=_("Service"), choices=named)

    def _feature_field(self, services: list[Service]) -> forms.ChoiceField:
        language = get_language() or "en"
        groups: list[tuple[str, Any]] = [("", _("The whole service"))]
        by_service = features_by_service(services)
        for service in services:
            features = by_service.get(service.pk, [])
            self._features |= {str(each.pk): each for each in features}
            named = [(str(each.pk), pick(each.name, language)) for each in features]
            if named:
                groups.append((pick(service.name, language), named))
        return forms.ChoiceField(label=_("Feature"), choices=groups, required=False)


def initial_of(issue: Issue) -> dict[str, Any]:
    """A stored issue as the initial values of its form."""
    values: dict[str, Any] = {
        "service": str(issue.service_id),
        "feature": str(issue.feature_id or ""),
        "version": issue.version,
    }
    for name in ("classification", "status", "severity", "is_public", "start_at"):
        values[name] = getattr(issue, name)
    values["cadence_minutes"] = issue.cadence_minutes
    return values | texts_of(issue)


def texts_of(issue: Issue, names: Iterable[str] = IssueForm.texts) -> dict[str, str]:
    """The texts of a stored issue as initial values."""
    return {
        key: words for name in names for key, words in spread(name, getattr(issue, name)).items()
    }


def first_values(
    services: list[Service], now: datetime, given: Mapping[str, str]
) -> dict[str, Any]:
    """The initial values of a new issue; `given` may name the service in the address."""
    chosen = next((each for each in services if str(each.pk) == given.get("service")), services[0])
    return {
        "service": str(chosen.pk),
        "status": "investigating",
        "start_at": now,
        "cadence_minutes": chosen.cadence_minutes,
    }
