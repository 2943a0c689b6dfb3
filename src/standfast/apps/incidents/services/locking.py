"""Two people at one issue: the second is told, nothing is overwritten."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.errors import Conflict


def locked(issue: Issue, *, version: int | None) -> Issue:
    """Read the issue anew for writing, inside a transaction.

    Raises Conflict when it is no longer at `version` (None: the caller did not look at a version).
    """
    # SQLite's transactions begin immediate, so there the whole database is held instead of the row.
    # The row is read by a statement of its own: one that had to wait for the lock would join the
    # new issue with related rows from before, and miss an audience that came meanwhile.
    Issue.objects.select_for_update().only("pk").get(pk=issue.pk)
    related = ("service", "feature", "provider", "audience")
    current = Issue.objects.select_related(*related).get(pk=issue.pk)
    if version is not None and current.version != version:
        raise Conflict(
            "version",
            _(
                "Somebody else saved this issue meanwhile. "
                "Your text is kept below; compare and save again."
            ),
        )
    return current


def save_version(*, issue: Issue, now: datetime) -> None:
    """Store the issue as its next version."""
    issue.version += 1
    issue.modified_at = now
    issue.save()
