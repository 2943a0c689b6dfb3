"""The parts of a maintenance while its form is filled in: chosen, found, and who uses them now.

A fragment of the form's page. It stores nothing and remembers nothing: whoever asks sends the keys
and services of the form and where it looks. It is asked by POST because of the length of 200 keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.messagecenter.queries.provider import who_is_reached
from standfast.engine.targeting import UnknownComponents
from standfast.web.console.frame import address, console_page, show, typed
from standfast.web.console.maintenance.keys import Keys, read_keys
from standfast.web.console.scope.choosing import (
    PLACE,
    Chip,
    Press,
    component_chip,
    component_choices,
)
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Component
    from standfast.apps.tenancy.models import Organisation

# The form beside the maintenance's own that the search belongs to: Enter in it saves nothing.
FORM = "parts-form"
# Few, because the form goes on below them.
PAGE_SIZE = 8


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons that write a key into the field, which keys.js does, or look elsewhere.

    A field that has changed is reason enough to ask anew: the former do not ask by themselves.
    """

    url: str
    place: Mapping[str, str]

    def choosing(self, component: Component, *, chosen: bool) -> Press:
        """Write the component's key into the field, or take it out."""
        return self.toggling(component.key)

    def toggling(self, key: str) -> Press:
        """The same for a key that no component has."""
        return _button({"data-toggle-key": key})

    def looking(self, **place: str) -> Press:
        """Look elsewhere; the words are forgotten when another component is opened."""
        moved = {**self.place, "page": "", **place}
        query = urlencode({name: moved.get(name, "") for name in PLACE})
        acts = {"hx-post": f"{self.url}?{query}"}
        return _button({**acts, "data-drop-words": ""} if place.get("q") == "" else acts)

    def emptying(self) -> Press:
        """Take every key out."""
        return _button({"data-drop-keys": ""})


def _button(acts: Mapping[str, str]) -> Press:
    # No submit buttons: Enter in the search would press the first of them.
    attributes = {"type": "button", **acts}
    return Press("button", format_html_join(" ", '{}="{}"', attributes.items()))


@console_page("message.write")
def parts(request: HttpRequest) -> HttpResponse:
    """Show what the form holds now: chips, the tree or what a search found, and who is reached."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    # What is pressed says where to look in its address; else the page stays where it is.
    place = {name: request.GET.get(name, typed(request, name)) for name in PLACE}
    keys = read_keys(provider, typed(request, "components"))
    buttons = Buttons(address(page, "maintenance_parts"), place)
    context = {
        "parts_form": FORM,
        "place": place,
        "picker_url": buttons.url,
        "problem": keys.problem,
        "chips": _chips(keys, buttons),
        "empty": buttons.emptying(),
        **_reached(provider, request.POST.getlist("services"), keys),
        **_choices(provider, keys, place, buttons),
    }
    return show(request, "maintenance/parts", context)


def _choices(
    provider: Organisation, keys: Keys, place: dict[str, str], buttons: Buttons
) -> dict[str, Any]:
    """What there is to choose; the regions by themselves only when the list does not show them."""
    chosen = {each.pk for each in keys.found}
    choices = component_choices(provider, chosen, place, buttons, size=PAGE_SIZE)
    listed = {choice.what.component.pk for choice in choices["nodes"]}
    if listed.issuperset(choice.what.pk for choice in choices["regions"]):
        choices["regions"] = []
    return choices


def _chips(keys: Keys, buttons: Buttons) -> list[Chip]:
    unknown = [Chip("help-circle", key, "unknown", buttons.toggling(key)) for key in keys.missing]
    return unknown + [component_chip(each, buttons) for each in keys.found]


def _reached(provider: Organisation, chosen: list[str], keys: Keys) -> dict[str, Any]:
    """Who uses these parts now, once services are chosen and every key is a component's."""
    services = [each.pk for each in services_of(provider) if str(each.pk) in chosen]
    if keys.problem or not services:
        return {"no_services": not services}
    components = [each.pk for each in keys.found]
    try:
        reached = who_is_reached(provider, services=services, components=components)
    except UnknownComponents:
        return {"problem": _("Some of the components no longer exist; choose them again.")}
    return {"reached": reached}
