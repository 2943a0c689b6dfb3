"""The audit trail of an issue in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import AuditEntry

ACTIONS: dict[str, str | Promise] = {
    "issue.detected": _("Detected by monitoring"),
    "issue.draft": _("Draft started"),
    "issue.edited": _("Draft edited"),
    "issue.scoped": _("Scope chosen"),
    "issue.extended": _("Components added by monitoring"),
    "issue.confirmed": _("Confirmed"),
    "issue.dismissed": _("Dismissed"),
    "issue.undismissed": _("Dismissal taken back"),
    "issue.published": _("Published"),
    "issue.updated": _("Update posted"),
    "issue.resolved": _("Resolved"),
    "issue.reopened": _("Opened again"),
    "issue.audience_changed": _("Audience changed"),
    "post.corrected": _("Post corrected"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One write, with the word for it and the reason that was given."""

    entry: AuditEntry
    words: str
    why: str


def steps_of(entries: Iterable[AuditEntry]) -> list[Step]:
    """Put entries into words; an action without a word shows its name."""
    return [
        Step(entry, str(ACTIONS.get(entry.action, entry.action)), str(entry.details.get("why", "")))
        for entry in entries
    ]
