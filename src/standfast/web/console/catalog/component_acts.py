"""Changing the tree: adding, renaming, moving and retiring components."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.catalog.queries.components import (
    components_by_key,
    get_component_for,
    parents_of,
)
from standfast.apps.catalog.queries.tree import node_of
from standfast.apps.catalog.services.components import (
    create_component,
    restore_component,
    retire_component,
    set_parents,
    update_component,
)
from standfast.apps.tenancy.errors import Refused
from standfast.web.console.catalog.forms import ComponentForm, NewComponentForm, ParentsForm
from standfast.web.console.frame import attempt, back_to, console_page, show
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component


@console_page("catalog.write")
def new(request: HttpRequest) -> HttpResponse:
    """Add a component; `?below=KEY` fills in where."""
    page = cast(PageRequest, request)
    initial = {"parents": request.GET.get("below", "")}
    form = NewComponentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_component(
                provider=page.access.organisation,
                key=form.cleaned_data["key"],
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                parents=_chosen(page, form),
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The component was added."))
            return back_to(page, "component", made.pk)
    return show(request, "catalog/component_form", {"form": form, "component": None})


@console_page("catalog.write")
def edit(request: HttpRequest, component_id: int) -> HttpResponse:
    """Rename a component, or change its kind."""
    page = cast(PageRequest, request)
    found = get_component_for(page.access.organisation, component_id)
    form = ComponentForm(request.POST or None, initial={"name": found.name, "kind": found.kind})
    if request.method == "POST" and form.is_valid():
        try:
            update_component(
                component=found,
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                by=page.access.actor,
                now=page.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The component was saved."))
            return back_to(page, "component", found.pk)
    return show(request, "catalog/component_form", {"form": form, "component": found})


@console_page("catalog.write")
def move(request: HttpRequest, component_id: int) -> HttpResponse:
    """Hang a component below others: whoever is on it then belongs to their audiences."""
    page = cast(PageRequest, request)
    found = get_component_for(page.access.organisation, component_id)
    parents = parents_of(found)
    initial = {"parents": ", ".join(parent.key for parent in parents)}
    form = ParentsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_parents(
                component=found, parents=_chosen(page, form), by=page.access.actor, now=page.now
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The component was moved; audiences follow at once."))
            return back_to(page, "component", found.pk)
    context = {"form": form, "component": found, "parents": parents, "node": node_of(found)}
    return show(request, "catalog/component_move", context)


@require_POST
@console_page("catalog.write")
def retire(request: HttpRequest, component_id: int) -> HttpResponse:
    """Take an empty component out of use, or put it back."""
    page = cast(PageRequest, request)
    found = get_component_for(page.access.organisation, component_id)
    act, done = (
        (restore_component, _("The component is in use again."))
        if found.retired_at
        else (retire_component, _("The component is retired."))
    )
    attempt(request, lambda: act(component=found, by=page.access.actor, now=page.now), done=done)
    return back_to(page, "component", found.pk)


def _chosen(page: PageRequest, form: ParentsForm) -> list[Component]:
    keys = form.parent_keys()
    known = components_by_key(page.access.organisation, keys)
    for key in keys:
        if key not in known:
            raise Refused("parents", _("There is no component “%(key)s”.") % {"key": key})
    return [known[key] for key in keys]
