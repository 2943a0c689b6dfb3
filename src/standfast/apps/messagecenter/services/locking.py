"""Two people at one maintenance: the second is told, nothing is overwritten."""

from __future__ import annotations

from django.utils.translation import gettext as _

from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.tenancy.errors import Conflict, Refused


def locked(maintenance: Maintenance, *, version: int | None, states: set[str]) -> Maintenance:
    """Read the maintenance anew for writing, inside a transaction.

    Raises Conflict when it is no longer at `version` (None: the caller did not look at a version),
    Refused when it is in none of the `states` in which this can be done.
    """
    # A statement of its own takes the lock: see `incidents.services.locking`.
    Maintenance.objects.select_for_update().only("pk").get(pk=maintenance.pk)
    current = Maintenance.objects.select_related("provider", "audience").get(pk=maintenance.pk)
    if version is not None and current.version != version:
        raise Conflict(
            "version",
            _(
                "Somebody else saved this maintenance meanwhile. Look at it again; "
                "what you typed is kept below."
            ),
        )
    if current.state not in states:
        raise Refused("state", _SAID[current.state]())
    return current


_SAID = {
    "draft": lambda: _("This is still a draft; schedule it first."),
    "scheduled": lambda: _("This has not begun yet."),
    "in_progress": lambda: _("This has begun already."),
    "completed": lambda: _("This is over; plan another maintenance."),
    "cancelled": lambda: _("This was cancelled; plan another maintenance."),
}
