"""The forms of the catalog. What they hold is checked by the services, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standfast.apps.catalog.services.offerings import (
    LONGEST_CADENCE,
    SHORTEST_CADENCE,
    FeatureFields,
    ServiceFields,
)
from standfast.channels.registry import CHANNELS
from standfast.web.console.texts import Text, TextsForm
from standfast.web.forms import StyledForm
from standfast.web.reasons import NEEDS

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Service
    from standfast.apps.tenancy.models import User

ICONS = (
    "stack-2",
    "mail",
    "message-report",
    "phone",
    "database",
    "server",
    "world",
    "lock",
    "key",
    "users",
    "file-text",
    "search",
    "code",
    "shield",
    "device-desktop",
    "device-mobile",
)


class ServiceForm(TextsForm):
    """A service; its key can be chosen once."""

    texts = {
        "name": Text(_("Name"), rows=1, required=True),
        "description": Text(_("Description"), rows=1),
    }
    shown_at = {"name": "name_en", "description": "description_en"}

    key = forms.CharField(
        label=_("Key"),
        max_length=60,
        help_text=_("Small letters, digits, hyphens. Programs use it, so it cannot be changed."),
    )
    issue_prefix = forms.CharField(
        label=_("Issue ids begin with"), max_length=4, help_text=_("One to four letters: EX.")
    )
    cadence_minutes = forms.IntegerField(
        label=_("Minutes between updates"),
        min_value=SHORTEST_CADENCE,
        max_value=LONGEST_CADENCE,
        initial=60,
    )
    owner = forms.ChoiceField(
        label=_("Owner"),
        required=False,
        help_text=_("Is told when a promised update has lapsed."),
    )
    icon = forms.ChoiceField(label=_("Icon"), choices=[(name, name) for name in ICONS])
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=10_000, initial=0, help_text=_("Small first.")
    )
    is_public = forms.BooleanField(
        label=_("Shown on the public page"), required=False, initial=True
    )
    capabilities = forms.MultipleChoiceField(
        label=_("Channels need it for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "While the service has an open incident, channels that need this are in doubt for"
            " those affected, and people with another channel are told there too."
        ),
    )

    def __init__(self, *args: Any, people: Iterable[User], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(person.pk): person for person in people}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [
            ("", _("Nobody")),
            *((key, str(person)) for key, person in self._people.items()),
        ]
        known = {need for channel in CHANNELS.values() for need in channel.needs}
        known |= set(self.initial.get("capabilities") or ())
        capabilities = self.fields["capabilities"]
        assert isinstance(capabilities, forms.MultipleChoiceField)
        capabilities.choices = [(word, NEEDS.get(word, word)) for word in sorted(known)]
        icon, chosen = self.fields["icon"], self.initial.get("icon")
        assert isinstance(icon, forms.ChoiceField)
        if chosen and chosen not in ICONS:
            icon.choices = [(chosen, chosen), *((name, name) for name in ICONS)]
        if not is_new:
            del self.fields["key"]

    def service_fields(self) -> ServiceFields:
        """What was typed, for the service."""
        data = self.cleaned_data
        return ServiceFields(
            name=self.localised("name"),
            description=self.localised("description"),
            issue_prefix=data["issue_prefix"],
            icon=data["icon"],
            owner=self._people.get(data["owner"]),
            cadence_minutes=data["cadence_minutes"],
            is_public=data["is_public"],
            position=data["position"],
            capabilities=data["capabilities"],
        )


class FeatureForm(TextsForm):
    """A feature; its key can be chosen once."""

    texts = {
        "name": Text(_("Name"), rows=1, required=True),
        "group": Text(_("Feature group"), rows=1),
    }
    shown_at = {"name": "name_en", "group": "group_en"}

    key = forms.CharField(
        label=_("Key"), max_length=60, help_text=_("Small letters, digits, hyphens: sign-in.")
    )
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=10_000, initial=0, help_text=_("Small first.")
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["key"]

    def feature_fields(self) -> FeatureFields:
        """What was typed, for the service."""
        return FeatureFields(
            name=self.localised("name"),
            group=self.localised("group"),
            position=self.cleaned_data["position"],
        )


class ComponentForm(StyledForm):
    """Name and kind of a component."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    kind = forms.CharField(
        label=_("Kind"),
        max_length=40,
        help_text=_("A plain word: region, datacenter, server."),
    )


class ParentsForm(StyledForm):
    """Where a component stands."""

    parents = forms.CharField(
        label=_("Stands below"),
        required=False,
        help_text=_("Keys of components, with commas between them. Empty: at the top."),
    )

    def parent_keys(self) -> list[str]:
        """The keys that were typed, in order."""
        typed: str = self.cleaned_data["parents"]
        return [key.strip() for key in typed.split(",") if key.strip()]


class NewComponentForm(ParentsForm, ComponentForm):
    """A whole new component; its key can be chosen once."""

    key = forms.CharField(
        label=_("Key"),
        max_length=100,
        help_text=_("What monitoring and imports call it: MBX-0173."),
    )
    field_order = ("key", "name", "kind", "parents")


class _ServiceChoice(StyledForm):
    service = forms.ChoiceField(label=_("Service"))

    def __init__(self, *args: Any, services: Iterable[tuple[Service, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._services = {service.key: service for service, _name in services}
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(service.key, name) for service, name in services]

    def chosen_service(self) -> Service:
        """The service that was chosen."""
        return self._services[self.cleaned_data["service"]]


class SubscriptionForm(_ServiceChoice):
    """A tenant uses a service."""

    tenant = forms.CharField(
        label=_("Tenant"), max_length=60, help_text=_("The short name, as in addresses: acme-bank.")
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=0, initial=0)
    field_order = ("tenant", "service", "seats")


class PlacementForm(_ServiceChoice):
    """So many users of the page's tenant on a component."""

    component = forms.CharField(
        label=_("Component"), max_length=100, help_text=_("Its key: MBX-0173.")
    )
    users = forms.IntegerField(
        label=_("Users"), help_text=_("The number that it is then; 0 removes the placement.")
    )
    field_order = ("component", "service", "users")


class UploadForm(StyledForm):
    """A file of placements."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Parquet with the columns tenant, component, service and users."),
    )
    mode = forms.ChoiceField(
        label=_("What the file is"),
        choices=[
            ("full", _("Everything: placements that it does not name are removed")),
            ("delta", _("Changes: only what it names changes, and 0 users remove")),
        ],
        widget=forms.RadioSelect,
        initial="full",
    )
