"""The forms of posts on a published issue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from standfast.engine.health.lifecycle import REOPENED, allowed_next
from standfast.engine.health.status import is_resolved
from standfast.web.console.cadence import PromiseForm
from standfast.web.console.compose.form import IssueForm, choices, texts_of, worst_first
from standfast.web.console.compose.posting import BODY
from standfast.web.console.moments import MomentField, zone_hint
from standfast.web.console.texts import Text, TextsForm

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue

# What an update may change of the issue itself.
CHANGEABLE = ("user_impact", "workaround", "more_info", "root_cause")
ISSUE_TEXTS = {name: IssueForm.texts[name] for name in CHANGEABLE}


class VersionForm(TextsForm):
    """A form that is saved against the version of the issue that its page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class UpdateForm(VersionForm, PromiseForm):
    """News: what is said, the status, the next update, and changed texts of the issue."""

    texts: ClassVar[dict[str, Text]] = {"body": BODY, **ISSUE_TEXTS}

    def __init__(self, *args: Any, issue: Issue, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": issue.version,
            "status": issue.status,
            **texts_of(issue, CHANGEABLE),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, usual=issue.cadence_minutes, now=now, **kwargs)
        still_open = [each for each in allowed_next(issue.status) if not is_resolved(each)]
        self.add_field("status", _status_field(still_open))
        self.add_field(
            "kind",
            forms.ChoiceField(
                label=_("Kind"),
                choices=choices("post_kind", ["regular", "quick"]),
                help_text=_("A quick update is a short word between two regular ones."),
            ),
        )


class ResolveForm(VersionForm):
    """The end: what is said, whether it was real, when it was over, why it happened."""

    texts: ClassVar[dict[str, Text]] = {"body": BODY, "root_cause": ISSUE_TEXTS["root_cause"]}

    def __init__(self, *args: Any, issue: Issue, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": issue.version,
            "end_at": max(now, issue.start_at),
            **texts_of(issue, ["root_cause"]),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        over = [
            each
            for each in allowed_next(issue.status)
            if each in {"serviceRestored", "falsePositive"}
        ]
        self.add_field("status", _status_field(over))
        self.add_field("end_at", MomentField(label=_("It ended at"), help_text=zone_hint(now)))


class ReopenForm(VersionForm, PromiseForm):
    """It is back: what is said, the status and the next update."""

    texts: ClassVar[dict[str, Text]] = {"body": BODY}

    def __init__(self, *args: Any, issue: Issue, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": issue.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, usual=issue.cadence_minutes, now=now, **kwargs)
        self.add_field("status", _status_field(REOPENED))


class CorrectionForm(TextsForm):
    """Other words for a post that is out already."""

    texts: ClassVar[dict[str, Text]] = {"body": BODY}


class AudienceForm(VersionForm, PromiseForm):
    """Why the audience changes, what those in it are told, and what the released are told."""

    texts: ClassVar[dict[str, Text]] = {
        "body": Text(_("What those in the audience read"), rows=4, hint=BODY.hint, required=True),
        "closing_note": Text(_("What those released read"), rows=4, hint=BODY.hint),
    }
    why = forms.CharField(
        label=_("Why the audience changes"),
        error_messages={"required": _("Say in a few words why; it is kept for audit.")},
        max_length=500,
        help_text=_("Kept for audit; tenants do not see it."),
    )

    def __init__(self, *args: Any, issue: Issue, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": issue.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, usual=issue.cadence_minutes, now=now, **kwargs)


def _status_field(statuses: Iterable[str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Status"), choices=choices("status", worst_first(statuses)))
