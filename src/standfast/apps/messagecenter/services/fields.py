"""What a communicator says about a planned maintenance, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Component, Service
from standfast.apps.incidents.services.wording import LONGEST_TEXT, LONGEST_TITLE, checked
from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.models import Organisation

LONGEST_WINDOW = timedelta(days=14)
FARTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class MaintenanceFields:
    """Everything but the state. Texts are per language; the window's ends are aware."""

    title: Localised
    body: Localised
    services: tuple[Service, ...]
    start_at: datetime
    end_at: datetime
    components: tuple[Component, ...] = ()
    is_public: bool = False
    starts_itself: bool = True
    ends_itself: bool = True


PLAIN = ("title", "body", "start_at", "end_at", "is_public", "starts_itself", "ends_itself")


def fields_of(maintenance: Maintenance) -> MaintenanceFields:
    """The fields as stored, for changing some of them with `dataclasses.replace`."""
    return MaintenanceFields(
        **{name: getattr(maintenance, name) for name in PLAIN},
        services=tuple(maintenance.services.all()),
        components=tuple(maintenance.components.all()),
    )


def check_fields(
    fields: MaintenanceFields, *, provider: Organisation, now: datetime, planned: bool = True
) -> MaintenanceFields:
    """Return the fields cleaned. Raises Refused naming the first field that cannot be used.

    `planned`: the window must lie ahead (it need not once the work has begun).
    """
    title = checked("title", fields.title, required=True, longest=LONGEST_TITLE, one_line=True)
    body = checked("body", fields.body, required=True, longest=LONGEST_TEXT)
    if not fields.services or any(
        each.provider_id != provider.pk or each.retired_at for each in fields.services
    ):
        raise Refused("services", _("Choose at least one of your services."))
    if any(each.provider_id != provider.pk for each in fields.components):
        raise Refused("components", _("Choose among your own components."))
    check_window(fields.start_at, fields.end_at, now=now, planned=planned)
    return replace(fields, title=title, body=body)


def check_window(start_at: datetime, end_at: datetime, *, now: datetime, planned: bool) -> None:
    """Raise Refused unless work can be planned from `start_at` to `end_at`."""
    for name, moment in (("start_at", start_at), ("end_at", end_at)):
        if moment.tzinfo is None:
            raise Refused(name, _("The time has no zone; write it like 2026-01-31T14:00:00Z."))
    if end_at <= start_at:
        raise Refused("end_at", _("The end must lie after the start."))
    if end_at - start_at > LONGEST_WINDOW:
        raise Refused(
            "end_at",
            _("A window has at most %(days)s days; plan several.") % {"days": LONGEST_WINDOW.days},
        )
    if planned and start_at < now:
        raise Refused("start_at", _("The start lies in the past; choose a time ahead."))
    if end_at < now:
        raise Refused("end_at", _("The end lies in the past; choose a time ahead."))
    if start_at > now + FARTHEST:
        raise Refused("start_at", _("This is more than two years ahead; choose an earlier time."))


def write_fields(maintenance: Maintenance, fields: MaintenanceFields) -> list[str]:
    """Put the fields on the stored maintenance; return the names of those that changed."""
    changed = [name for name in PLAIN if getattr(maintenance, name) != getattr(fields, name)]
    for name in changed:
        setattr(maintenance, name, getattr(fields, name))
    for name, wanted in (("services", fields.services), ("components", fields.components)):
        rows = getattr(maintenance, name)
        if _ids(rows.all()) != _ids(wanted):
            rows.set(wanted)
            changed.append(name)
    return changed


def _ids(rows: Iterable[Service | Component]) -> set[int]:
    return {row.pk for row in rows}
