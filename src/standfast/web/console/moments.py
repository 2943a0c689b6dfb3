"""Date and time fields in the person's zone, which is shown beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standfast.web.templatetags.standfast import zone_name

LAYOUT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A time in the person's zone; one typed with a zone of its own keeps it."""

    default_error_messages = {
        "invalid": gettext_lazy("Write date and time like 2026-01-31T14:00 or 2026-01-31T14:00Z.")
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            format=LAYOUT, attrs={"type": "datetime-local", "autocomplete": "off"}
        )
        super().__init__(widget=widget, **kwargs)


def zone_hint(now: datetime) -> str:
    """Which zone the fields of this page are in."""
    local = timezone.localtime(now)
    name = timezone.get_current_timezone_name()
    offset = zone_name(local)
    zone = offset if name == offset else f"{name}, {offset}"
    return _("In your time zone (%(zone)s).") % {"zone": zone}
