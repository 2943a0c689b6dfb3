"""The shape of a row of the default chart."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class DefaultRow:
    """One responsibility: who owns it, and what each side does, day by day and in an incident.

    A side without a text has nothing to do there. Texts are lazy translations.
    """

    key: str
    owner: str
    name: Text
    regular_provider: Text = ""
    regular_customer: Text = ""
    incident_provider: Text = ""
    incident_customer: Text = ""
