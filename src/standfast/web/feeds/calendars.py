"""Maintenance as events of a calendar, in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from standfast.apps.publishing.rendering.entries import host
from standfast.apps.tenancy.languages import Localised, pick
from standfast.channels.markup import plain_text
from standfast.engine.wire.calendars import CalendarEvent, MaintenanceCalendar
from standfast.web.labels import label_of
from standfast.web.templatetags.standfast import rich

if TYPE_CHECKING:
    from standfast.apps.messagecenter.queries.views import MaintenanceView


def calendar_of(
    views: Iterable[MaintenanceView],
    *,
    owner: str,
    page_url: str,
    url_of: Callable[[str], str],
    language: str,
    remind: timedelta | None = None,
) -> MaintenanceCalendar:
    """A calendar named for its `owner`; `url_of` gives the page of an id."""
    with override(language):
        return MaintenanceCalendar(
            host=host(),
            name=_("Planned maintenance: %(owner)s") % {"owner": owner},
            events=tuple(
                _event(view, url_of(view.maintenance.reference), language) for view in views
            ),
            language=language,
            url=page_url,
            remind=remind,
        )


def _event(view: MaintenanceView, url: str, language: str) -> CalendarEvent:
    found = view.maintenance
    assert found.start_at is not None, "what was told has a window"
    assert found.end_at is not None, "what was told has a window"
    services = tuple(pick(service.name, language) for service in view.services)
    title = f"{', '.join(services)}: {pick(found.title, language)}"
    if found.state == "cancelled":
        title = _("Cancelled: %(title)s") % {"title": title}
    news = [_plain(each.body, language) for each in view.updates if each.body][:1]
    state = label_of("maintenance_state", found.state)
    described = "\n\n".join(
        [f"{found.reference} · {state}", *news, _plain(found.body, language), url]
    )
    return CalendarEvent(
        key=found.reference,
        summary=title,
        description=described,
        url=url,
        start=found.start_at,
        end=found.end_at,
        created=found.published_at or found.modified_at,
        modified=found.modified_at,
        sequence=found.sequence,
        cancelled=found.state == "cancelled",
        categories=services,
    )


def _plain(body: Localised, language: str) -> str:
    """The words without Markdown's marks, which calendar programs would show."""
    return plain_text(rich(pick(body, language)))
