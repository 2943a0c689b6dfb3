"""The forms of a maintenance: what it is, when it moves, what is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from standfast.apps.messagecenter.services.fields import MaintenanceFields
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import pick
from standfast.web.console.maintenance.keys import read_keys
from standfast.web.console.moments import MomentField, zone_hint
from standfast.web.console.texts import Text, TextsForm, spread

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component, Service
    from standfast.apps.messagecenter.models import Maintenance
    from standfast.apps.tenancy.models import Organisation

MARKDOWN = gettext_lazy("Markdown: **bold**, lists, [links](https://…). No HTML.")


class MaintenanceForm(TextsForm):
    """Every field of `MaintenanceFields`; components are written as their keys."""

    texts: ClassVar[dict[str, Text]] = {
        "title": Text(gettext_lazy("Title"), rows=1, required=True),
        "body": Text(
            gettext_lazy("What happens, and what users notice"),
            rows=5,
            hint=MARKDOWN,
            required=True,
        ),
    }

    def __init__(
        self,
        *args: Any,
        provider: Organisation,
        services: list[Service],
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._provider = provider
        self._services = {str(service.pk): service for service in services}
        language = get_language() or "en"
        named = [(str(each.pk), pick(each.name, language)) for each in services]
        self.add_field(
            "services",
            forms.MultipleChoiceField(
                label=_("Services"), choices=named, widget=forms.CheckboxSelectMultiple
            ),
        )
        self.add_field("components", _components_field())
        for name, label in (("start_at", _("Start")), ("end_at", _("End"))):
            self.add_field(name, MomentField(label=label, help_text=zone_hint(now)))
        for name, label in (
            ("is_public", _("Show it on the public page as well")),
            ("starts_itself", _("Say at the start that it begins, without anybody's doing")),
            ("ends_itself", _("Say at the end that it is done, without anybody's doing")),
        ):
            self.add_field(name, forms.BooleanField(label=label, required=False))
        self.add_field(
            "version", forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
        )

    @property
    def other_fields(self) -> list[BoundField]:
        """The plain fields beside those that say which parts are worked on."""
        return [each for each in self.plain_fields if each.name not in {"services", "components"}]

    def maintenance_fields(self) -> MaintenanceFields:
        """What was typed, from a valid form. Raises Refused (components) for an unknown key."""
        data = self.cleaned_data
        return MaintenanceFields(
            title=self.localised("title"),
            body=self.localised("body"),
            services=tuple(self._services[key] for key in data["services"]),
            components=self._components(data["components"]),
            start_at=data["start_at"],
            end_at=data["end_at"],
            is_public=data["is_public"],
            starts_itself=data["starts_itself"],
            ends_itself=data["ends_itself"],
        )

    def _components(self, typed: str) -> tuple[Component, ...]:
        keys = read_keys(self._provider, typed)
        if keys.problem:
            raise Refused("components", keys.problem)
        return tuple(keys.found)


class NoteForm(TextsForm):
    """A few words to everybody who was told."""

    texts: ClassVar[dict[str, Text]] = {
        "note": Text(gettext_lazy("What you tell them"), rows=4, hint=MARKDOWN)
    }
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, maintenance: Maintenance, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": maintenance.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class MoveForm(NoteForm):
    """The new window, and why."""

    texts: ClassVar[dict[str, Text]] = {
        "note": Text(gettext_lazy("Why it moves"), rows=3, hint=MARKDOWN)
    }

    def __init__(self, *args: Any, maintenance: Maintenance, now: datetime, **kwargs: Any) -> None:
        window = {"start_at": maintenance.start_at, "end_at": maintenance.end_at}
        super().__init__(*args, maintenance=maintenance, now=now, initial=window, **kwargs)
        begun = maintenance.state == "in_progress"
        for name, label in (("start_at", _("New start")), ("end_at", _("New end"))):
            hint = _("The work has begun, so this stays.") if begun and name == "start_at" else ""
            field = MomentField(label=label, help_text=hint or zone_hint(now))
            field.disabled = bool(hint)
            self.add_field(name, field)


def initial_of(maintenance: Maintenance) -> dict[str, Any]:
    """A stored maintenance as the initial values of its form."""
    names = ("start_at", "end_at", "is_public", "starts_itself", "ends_itself", "version")
    return {
        **{name: getattr(maintenance, name) for name in names},
        "services": [str(each.pk) for each in maintenance.services.all()],
        "components": "\n".join(each.key for each in maintenance.components.all()),
        **spread("title", maintenance.title),
        **spread("body", maintenance.body),
    }


def first_values(now: datetime) -> dict[str, Any]:
    """A new maintenance is a week ahead, at a full hour, and runs by itself."""
    start = (now + timedelta(days=7)).replace(minute=0, second=0, microsecond=0)
    return {
        "start_at": start,
        "end_at": start + timedelta(hours=2),
        "starts_itself": True,
        "ends_itself": True,
    }


def _components_field() -> forms.CharField:
    return forms.CharField(
        label=_("Components"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off", "data-keys": True}
        ),
        help_text=_("If only a part is worked on, name it: then only tenants on it are told."),
    )
