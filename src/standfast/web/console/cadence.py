"""The promise of a post: when the next update comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standfast.web.console.moments import MomentField, zone_hint
from standfast.web.console.texts import TextsForm

USUAL, CADENCE, EXACT = "usual", "cadence", "exact"


class PromiseForm(TextsForm):
    """A form that also says when the next update comes: as usual, at another cadence, or exactly.

    `usual` is the issue's minutes between updates; `now` is when the page was asked for.
    """

    def __init__(self, *args: Any, usual: int, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_field("promise", _promise_field(usual))
        self.add_field(
            "cadence_minutes",
            forms.IntegerField(label=_("Minutes between updates"), required=False, initial=usual),
        )
        self.add_field(
            "next_update_by",
            MomentField(
                label=_("Next update by"),
                required=False,
                initial=now + timedelta(minutes=usual),
                help_text=zone_hint(now),
            ),
        )
        self._now, self._usual = now, usual

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        wanted = cleaned.get("promise")
        for choice, field in ((CADENCE, "cadence_minutes"), (EXACT, "next_update_by")):
            if wanted == choice and cleaned.get(field) is None and field not in self.errors:
                self.add_error(field, gettext_lazy("Fill this in, or choose another promise."))
            elif wanted != choice and field in self.errors:
                del self.errors[field]  # not what was chosen, so it does not matter
        return cleaned

    @property
    def cadence(self) -> int | None:
        """Another cadence, if one was chosen."""
        chosen = self.cleaned_data.get("promise") == CADENCE
        return self.cleaned_data.get("cadence_minutes") if chosen else None

    @property
    def exact(self) -> datetime | None:
        """An exact time, if one was chosen."""
        chosen = self.cleaned_data.get("promise") == EXACT
        return self.cleaned_data.get("next_update_by") if chosen else None

    @property
    def due_at(self) -> datetime:
        """The promised time as the form stands, also while it is not valid."""
        data = getattr(self, "cleaned_data", {})
        exact = data.get("next_update_by") if data.get("promise") == EXACT else None
        minutes = data.get("cadence_minutes") if data.get("promise") == CADENCE else None
        if isinstance(exact, datetime):
            return exact
        return self._now + timedelta(minutes=min(minutes or self._usual, 20_160))


def _promise_field(usual: int) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Next update"),
        initial=USUAL,
        widget=forms.RadioSelect,
        choices=[
            (USUAL, _("In %(minutes)s minutes, as usual") % {"minutes": usual}),
            (CADENCE, _("From now on every … minutes")),
            (EXACT, _("By an exact time")),
        ],
    )
