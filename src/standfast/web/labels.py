"""The words, icons and colours of stored kinds. Status is icon + word + colour everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as lazily
from django.utils.translation import pgettext_lazy

from standfast.apps.tenancy.roles import ROLE_NAMES
from standfast.channels.registry import CHANNELS


@dataclass(frozen=True, slots=True)
class StatusMark:
    """How a status looks: `tone` is one of ok, info, warn, bad, muted (see tokens.css)."""

    icon: str
    label: str | Promise
    tone: str


STATUS_MARKS: dict[str, StatusMark] = {
    "serviceOperational": StatusMark("circle-check", _("Operational"), "ok"),
    "investigating": StatusMark("search", _("Investigating"), "info"),
    "serviceDegradation": StatusMark("alert-triangle", _("Service degradation"), "warn"),
    "serviceInterruption": StatusMark("circle-x", _("Service interruption"), "bad"),
    "restoringService": StatusMark("tool", _("Restoring service"), "warn"),
    "extendedRecovery": StatusMark("hourglass", _("Extended recovery"), "warn"),
    "verifyingService": StatusMark("refresh", _("Verifying service"), "info"),
    "investigationSuspended": StatusMark("player-pause", _("Investigation suspended"), "info"),
    "serviceRestored": StatusMark("circle-check", _("Service restored"), "ok"),
    "falsePositive": StatusMark("circle-dashed", _("False positive"), "muted"),
    "postIncidentReviewPublished": StatusMark("file-text", _("Review published"), "ok"),
    "unknown": StatusMark("help-circle", _("Unknown"), "muted"),
}
MAINTENANCE_MARKS: dict[str, StatusMark] = {
    "draft": StatusMark("pencil", _("Draft"), "muted"),
    "scheduled": StatusMark("calendar", pgettext_lazy("maintenance", "Scheduled"), "info"),
    "in_progress": StatusMark("tool", pgettext_lazy("maintenance", "In progress"), "warn"),
    "completed": StatusMark("circle-check", pgettext_lazy("maintenance", "Completed"), "ok"),
    "cancelled": StatusMark("circle-x", pgettext_lazy("maintenance", "Cancelled"), "muted"),
}
LABELS: dict[str, dict[str, str | Promise]] = {
    "status": {key: mark.label for key, mark in STATUS_MARKS.items()},
    "maintenance_state": {key: mark.label for key, mark in MAINTENANCE_MARKS.items()},
    "maintenance_update": {
        "scheduled": pgettext_lazy("maintenance", "Scheduled"),
        "changed": pgettext_lazy("maintenance", "Changed"),
        "moved": pgettext_lazy("maintenance", "Moved"),
        "news": _("Update"),
        "started": pgettext_lazy("maintenance", "Started"),
        "completed": pgettext_lazy("maintenance", "Completed"),
        "cancelled": pgettext_lazy("maintenance", "Cancelled"),
    },
    "maintenance_act": {
        "maintenance.drafted": _("wrote the draft"),
        "maintenance.edited": _("changed the draft"),
        "maintenance.scheduled": _("scheduled it"),
        "maintenance.changed": _("changed what was said"),
        "maintenance.moved": _("moved it"),
        "maintenance.news": _("posted an update"),
        "maintenance.started": _("said that it begins"),
        "maintenance.completed": _("said that it is done"),
        "maintenance.cancelled": _("called it off"),
    },
    "classification": {"incident": _("Incident"), "advisory": _("Advisory")},
    "notice_kind": {
        "incident": _("Incident"),
        "advisory": _("Advisory"),
        "maintenance": _("Maintenance"),
        "message": _("Message"),
        "review": _("Post-incident review"),
    },
    "subscription_condition": {
        "working": _("Working"),
        "failing": _("Failing"),
        "stopped": _("Stopped by themselves"),
        "paused": _("Paused"),
        "unconfirmed": _("Not confirmed"),
    },
    "subscription_owner": {
        "people": _("People"),
        "organisations": _("Organisations"),
        "visitors": _("Visitors"),
    },
    "rhythm": {
        "at_once": _("At once"),
        "hourly": _("Every hour, together"),
        "daily": _("Once a day, together"),
        "weekly": _("Once a week, together"),
    },
    "weekday": {
        "0": _("Monday"),
        "1": _("Tuesday"),
        "2": _("Wednesday"),
        "3": _("Thursday"),
        "4": _("Friday"),
        "5": _("Saturday"),
        "6": _("Sunday"),
    },
    "severity": {
        "normal": pgettext_lazy("severity", "Normal"),
        "high": pgettext_lazy("severity", "High"),
        "critical": pgettext_lazy("severity", "Critical"),
    },
    "stage": {
        "detected": _("Detected"),
        "draft": _("Draft"),
        "published": pgettext_lazy("stage", "Open"),
        "resolved": _("Resolved"),
        "dismissed": _("Dismissed"),
    },
    "post_kind": {
        "regular": _("Update"),
        "quick": _("Quick update"),
        "closing": _("Closing note"),
        "automatic": _("Automatic notice"),
    },
    "owner": {
        "customer": _("Customer"),
        "provider": _("Provider"),
        "both": pgettext_lazy("responsibility", "Shared"),
    },
    "role": dict(ROLE_NAMES),
    "face": {"provider": _("Provider"), "tenant": _("Tenant"), "partner": _("Partner")},
    "channel": {kind: lazily(channel.name) for kind, channel in CHANNELS.items()},
    "report_state": {
        "open": pgettext_lazy("report", "Received"),
        "linked": _("Tied to an issue"),
        "closed": _("Answered"),
    },
    "mention_state": {
        "open": pgettext_lazy("mention", "New"),
        "linked": _("Tied to an issue"),
        "closed": pgettext_lazy("mention", "Done"),
    },
    "answer_state": {
        "pending": _("Being posted"),
        "sent": _("Posted"),
        "failed": _("Not posted"),
    },
    "delivery_state": {
        "held": _("Held"),
        "standby": _("Standing by"),
        "pending": _("Waiting"),
        "claimed": _("Being sent"),
        "sent": _("Sent"),
        "merged": _("Told together"),
        "spared": _("Not needed"),
        "failed": _("Failed"),
        "cancelled": _("Cancelled"),
    },
    "promise_state": {
        "on_track": _("On track"),
        "due_soon": _("Due soon"),
        "overdue": _("Overdue"),
    },
    "language": {"en": "English", "zh-hant": "繁體中文"},
}


def label_of(kind: str, value: str) -> str:
    """The word for `value`; the value itself where a newer kind has no word yet."""
    return str(LABELS.get(kind, {}).get(value, value))
