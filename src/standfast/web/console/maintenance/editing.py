"""Writing a maintenance, and changing what was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.messagecenter.queries.provider import get_maintenance
from standfast.apps.messagecenter.queries.reach import newcomers_with
from standfast.apps.messagecenter.services.drafting import create_maintenance, edit_draft
from standfast.apps.messagecenter.services.scheduling import change
from standfast.apps.tenancy.errors import NoAccess
from standfast.web.console.compose.posting import NotSaved, save_form
from standfast.web.console.frame import address, back_to, console_page, show
from standfast.web.console.maintenance.forms import MaintenanceForm, first_values, initial_of
from standfast.web.console.maintenance.parts import FORM
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.messagecenter.models import Maintenance


class BringsIn(Exception):
    """A change without a message brings in so many tenants, which its writer did not know of."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


@console_page("message.write")
def new(request: HttpRequest) -> HttpResponse:
    """Write a new draft."""
    page = cast(PageRequest, request)
    if not services_of(page.access.organisation):
        messages.info(request, _("Add a service to the catalog first; maintenance is about one."))
        return back_to(page, "catalog")
    form = _form(page, first_values(page.now))

    def save() -> Maintenance:
        return create_maintenance(
            provider=page.access.organisation,
            fields=form.maintenance_fields(),
            by=page.access.actor,
            now=page.now,
        )

    done = _("%(id)s is saved as a draft. Nobody is told yet.")
    answer = _written(page, form, save, done)
    if isinstance(answer, HttpResponse):
        return answer
    return _show(page, {"form": form, **answer})


@console_page("message.write")
def edit(request: HttpRequest, message: str) -> HttpResponse:
    """Change a draft; of a maintenance that was told, change the words and tell everybody.

    The window of one that was told moves on a page of its own. A change without a message that
    brings in tenants is saved once the writer has seen how many: they are told of the maintenance.
    """
    page = cast(PageRequest, request)
    found = get_maintenance(page.access, message)
    told = found.state != "draft"
    if told and not page.access.may("message.publish"):
        raise NoAccess
    if told and not found.is_planned:
        messages.info(request, _("This is over; plan another maintenance."))
        return back_to(page, "maintenance", found.reference)
    form = _form(page, initial_of(found))
    if told:
        for name in ("start_at", "end_at"):
            form.fields[name].disabled = True

    quiet, seen = told and "quiet" in request.POST, request.POST.get("newcomers", "0")

    def save() -> Maintenance:
        fields = form.maintenance_fields()
        if quiet:
            count = newcomers_with(found, services=fields.services, components=fields.components)
            if str(count) != seen:
                raise BringsIn(count)
        _save(page, found, form, quiet=quiet)
        return found

    done = _("%(id)s is saved.")
    if quiet and seen.isdecimal() and int(seen):
        done += " " + ngettext(
            "%(n)s tenant that is new to it is told.",
            "%(n)s tenants that are new to it are told.",
            int(seen),
        ) % {"n": int(seen)}
    answer = _written(page, form, save, done)
    if isinstance(answer, HttpResponse):
        return answer
    context = {"form": form, "maintenance": found, "told": told, **answer}
    return _show(page, context)


def _show(page: PageRequest, context: dict[str, Any]) -> HttpResponse:
    """The form's page, with the picker of its components."""
    picker = {"parts_form": FORM, "parts_url": address(page, "maintenance_parts")}
    return show(page, "maintenance/edit", {**picker, **context})


def _save(page: PageRequest, found: Maintenance, form: MaintenanceForm, *, quiet: bool) -> None:
    version, fields = form.cleaned_data["version"] or 0, form.maintenance_fields()
    by, now = page.access.actor, page.now
    if found.state == "draft":
        edit_draft(maintenance=found, version=version, fields=fields, by=by, now=now)
        return
    assert found.start_at is not None, "what was told has a window"
    assert found.end_at is not None, "what was told has a window"
    # The page shows minutes; the stored window must not seem to move by its seconds.
    kept = replace(fields, start_at=found.start_at, end_at=found.end_at)
    change(maintenance=found, version=version, fields=kept, note={}, tell=not quiet, by=by, now=now)


def _form(page: PageRequest, initial: dict[str, Any]) -> MaintenanceForm:
    provider = page.access.organisation
    return MaintenanceForm(
        page.POST or None,
        provider=provider,
        services=services_of(provider),
        now=page.now,
        initial=initial,
    )


def _written(
    page: PageRequest, form: MaintenanceForm, save: Callable[[], Maintenance], done: str
) -> HttpResponse | dict[str, Any]:
    """The way on after a save; else what the page shows of why not, with everything typed."""
    if page.method != "POST" or not form.is_valid():
        return {}
    saved: list[Maintenance] = []
    try:
        save_form(form, lambda: saved.append(save()), newest=lambda: newest(page))
    except NotSaved as problem:
        return problem.context
    except BringsIn as found:
        return {"newcomers": found.count}
    messages.success(page, done % {"id": saved[0].reference})
    return back_to(page, "maintenance", saved[0].reference)


def newest(page: PageRequest) -> tuple[int, dict[str, Any]]:
    """The maintenance of the address as it is stored now, to compare with what was typed."""
    assert page.resolver_match is not None, "a page has an address"
    stored = get_maintenance(page.access, page.resolver_match.kwargs["message"])
    return stored.version, initial_of(stored)
