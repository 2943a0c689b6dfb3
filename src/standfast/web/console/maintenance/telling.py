"""Pages that tell everybody who was told before: another window, news, that it is off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from standfast.apps.messagecenter.queries.provider import get_maintenance
from standfast.apps.messagecenter.services.running import post_news
from standfast.apps.messagecenter.services.scheduling import cancel, move
from standfast.web.console.compose.posting import NotSaved, save_form
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.console.maintenance.editing import newest
from standfast.web.console.maintenance.forms import MoveForm, NoteForm
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.messagecenter.models import Maintenance


@dataclass(frozen=True, slots=True)
class Writing:
    """A page on which one update is written: how it is saved, and what is said after."""

    template: str
    form: NoteForm
    save: Callable[[], object]
    done: str


@console_page("message.publish")
def move_page(request: HttpRequest, message: str) -> HttpResponse:
    """Choose another window; everybody who noted the old one is told."""
    page = cast(PageRequest, request)
    found = get_maintenance(page.access, message)
    form = MoveForm(request.POST or None, maintenance=found, now=page.now)

    def save() -> None:
        data = form.cleaned_data
        begun = found.start_at if found.state == "in_progress" else None
        move(
            maintenance=found,
            version=data["version"],
            start_at=begun or data["start_at"],
            end_at=data["end_at"],
            note=form.localised("note"),
            by=page.access.actor,
            now=page.now,
        )

    done = _("%(id)s has moved, and everybody is told.")
    return _write(page, found, Writing("move", form, save, done))


@console_page("message.publish")
def news_page(request: HttpRequest, message: str) -> HttpResponse:
    """Say how it goes."""
    page = cast(PageRequest, request)
    found = get_maintenance(page.access, message)
    form = NoteForm(request.POST or None, maintenance=found, now=page.now)

    def save() -> None:
        post_news(
            maintenance=found,
            version=form.cleaned_data["version"],
            note=form.localised("note"),
            by=page.access.actor,
            now=page.now,
        )

    return _write(page, found, Writing("news", form, save, _("The update of %(id)s is out.")))


@console_page("message.publish")
def cancel_page(request: HttpRequest, message: str) -> HttpResponse:
    """Call it off."""
    page = cast(PageRequest, request)
    found = get_maintenance(page.access, message)
    form = NoteForm(request.POST or None, maintenance=found, now=page.now)

    def save() -> None:
        cancel(
            maintenance=found,
            version=form.cleaned_data["version"],
            note=form.localised("note"),
            by=page.access.actor,
            now=page.now,
        )

    done = _("%(id)s is cancelled, and everybody is told.")
    return _write(page, found, Writing("cancel", form, save, done))


def _write(page: PageRequest, found: Maintenance, writing: Writing) -> HttpResponse:
    if not found.is_planned:
        messages.info(page, _("This is not planned (any more), so there is nothing to tell."))
        return back_to(page, "maintenance", found.reference)
    form = writing.form
    context: dict[str, Any] = {"form": form, "maintenance": found}
    if page.method == "POST" and form.is_valid():
        try:
            save_form(form, writing.save, newest=lambda: newest(page))
        except NotSaved as problem:
            context |= problem.context
        else:
            messages.success(page, writing.done % {"id": found.reference})
            return back_to(page, "maintenance", found.reference)
    return show(page, f"maintenance/{writing.template}", context)
