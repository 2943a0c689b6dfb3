"""The form of a subscription: services, kinds, severity, language, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standfast.apps.delivery.outgoing import written_channels
from standfast.apps.delivery.services.wishes import Wish
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.channels.registry import CHANNELS
from standfast.engine.health.severity import Classification, Severity
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of
from standfast.web.templatetags.standfast import localised

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Service
    from standfast.apps.delivery.models import Subscription


class WishForm(StyledForm):
    """`fixed` is channel and address when they are not to be chosen (one's own mail)."""

    channel = forms.ChoiceField(label=_("Channel"))
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("A mail address, or the https address of your program."),
    )
    services = forms.MultipleChoiceField(
        label=_("Services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them, also those that you will use later."),
    )
    kinds = forms.MultipleChoiceField(label=_("Kinds"), widget=forms.CheckboxSelectMultiple)
    min_severity = forms.ChoiceField(label=_("From this severity on"))
    language = forms.ChoiceField(label=_("Language"))

    def __init__(
        self,
        *args: Any,
        services: list[Service],
        fixed: tuple[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._fixed = fixed
        for name, choices in {
            "channel": [(each.kind, label_of("channel", each.kind)) for each in written_channels()],
            "services": [(str(each.pk), localised(each.name)) for each in services],
            "kinds": [
                (each.value, label_of("classification", each.value)) for each in Classification
            ],
            "min_severity": [(each.value, label_of("severity", each.value)) for each in Severity],
            "language": [(code, label_of("language", code)) for code in LANGUAGES],
        }.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # ChoiceFields
        if (chosen := CHANNELS.get(self.initial.get("channel", ""))) is not None:
            self.fields["address"].label = _(chosen.address_label)
            self.fields["address"].help_text = _(chosen.address_help)
        if fixed is not None:
            del self.fields["channel"], self.fields["address"]
        if not services:
            del self.fields["services"]

    def wish(self) -> Wish:
        """What was asked for."""
        given = self.cleaned_data
        channel, address = self._fixed or (given["channel"], given["address"])
        return Wish(
            channel=channel,
            address=address,
            services=[int(pk) for pk in given.get("services", [])],
            kinds=given["kinds"],
            min_severity=given["min_severity"],
            language=given["language"],
        )


def initial_of(subscription: Subscription) -> dict[str, Any]:
    """The form's values for a stored subscription."""
    names = ("channel", "address", "kinds", "min_severity", "language")
    plain = {name: getattr(subscription, name) for name in names}
    return plain | {"services": [str(each.pk) for each in subscription.services.all()]}
