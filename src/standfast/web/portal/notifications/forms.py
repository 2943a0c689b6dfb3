"""The form of a subscription: what is told, how often, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from standfast.apps.delivery.services.wishes import RHYTHMS, Wish
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.channels.registry import get_channel
from standfast.engine.health.severity import Severity
from standfast.engine.routing.kinds import Kind
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of
from standfast.web.templatetags.standfast import localised

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component, Service
    from standfast.apps.delivery.models import OrganisationDefaults, Subscription

DAYS = tuple(str(day) for day in range(7))


class ToldForm(StyledForm):
    """What is told and how often; for a subscription and for the organisation's defaults."""

    services = forms.MultipleChoiceField(
        label=_("Services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them, also those that you will use later."),
    )
    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them. Problems without a known region are always told."),
    )
    kinds = forms.MultipleChoiceField(label=_("Kinds"), widget=forms.CheckboxSelectMultiple)
    min_severity = forms.ChoiceField(label=_("From this severity on"))
    digest = forms.ChoiceField(
        label=_("How often"),
        required=False,
        help_text=_("What is critical, and what you follow, waits for no digest."),
    )
    digest_at = forms.TimeField(
        label=_("Time of day"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("For once a day and once a week, on your own clock."),
    )
    digest_day = forms.ChoiceField(
        label=_("Day of the week"), required=False, help_text=_("For once a week.")
    )

    def __init__(
        self, *args: Any, services: list[Service], regions: list[Component], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in {
            "services": [(str(each.pk), localised(each.name)) for each in services],
            "regions": [(str(each.pk), each.name) for each in regions],
            "kinds": [(each.value, label_of("notice_kind", each.value)) for each in Kind],
            "min_severity": [(each.value, label_of("severity", each.value)) for each in Severity],
            "digest": [(each, label_of("rhythm", each)) for each in RHYTHMS],
            "digest_day": [(day, label_of("weekday", day)) for day in DAYS],
        }.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # ChoiceFields
            if not choices:
                del self.fields[name]

    def told(self, *, channel: str, address: str, **more: Any) -> Wish:
        """What was asked for."""
        given = self.cleaned_data
        rhythm = {
            name: given[name]
            for name in ("digest", "digest_at")
            if given.get(name) not in ("", None)
        }
        if given.get("digest_day"):
            rhythm["digest_day"] = int(given["digest_day"])
        return Wish(
            channel=channel,
            address=address,
            services=[int(pk) for pk in given.get("services", [])],
            regions=[int(pk) for pk in given.get("regions", [])],
            kinds=given["kinds"],
            min_severity=given["min_severity"],
            **rhythm,
            **more,
        )


class WishForm(ToldForm):
    """A subscription over one channel. `fixed` is an address that is not to be chosen."""

    address = forms.CharField(label=_("Address"), max_length=500)
    language = forms.ChoiceField(label=_("Language"))
    always = forms.BooleanField(
        label=_("Always use this channel, whatever the order"), required=False
    )

    field_order = ("address", "services", "regions", "kinds", "min_severity", "language")

    def __init__(self, *args: Any, channel: str, fixed: str, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._channel, self._fixed = get_channel(channel), fixed
        self.fields["language"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (code, label_of("language", code)) for code in LANGUAGES
        ]
        address = self.fields["address"]
        address.label = gettext(self._channel.address_label)
        address.help_text = gettext(self._channel.address_help)
        if fixed:
            del self.fields["address"]
        if not own:
            del self.fields["always"]
        if self._channel.signed:  # a program does its own waiting
            for name in ("digest", "digest_at", "digest_day"):
                del self.fields[name]

    def wish(self) -> Wish:
        """What was asked for."""
        given = self.cleaned_data
        return self.told(
            channel=self._channel.kind,
            address=self._fixed or given["address"],
            language=given["language"],
            always=bool(given.get("always")),
        )


def initial_of(row: Subscription | OrganisationDefaults) -> dict[str, Any]:
    """The form's values for a stored subscription, or for stored defaults."""
    names = [*("address", "kinds", "min_severity", "language", "always")]
    names += ("digest", "digest_at", "digest_day")
    plain = {name: getattr(row, name) for name in names if hasattr(row, name)}
    return plain | {
        "services": [str(each.pk) for each in row.services.all()],
        "regions": [str(each.pk) for each in row.regions.all()],
    }
