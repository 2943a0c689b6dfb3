"""What console pages share: the guard, addresses within the same provider, refusals as pages."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from standfast.apps.tenancy.errors import Refused
from standfast.web.entry import PageRequest, organisation_page

View = Callable[..., HttpResponseBase]


def console_page(needs: str) -> Callable[[View], View]:
    """Guard a view of the console: a member of the provider with this capability."""
    return organisation_page("provider", needs)


def address(request: PageRequest, name: str, *args: object) -> str:
    """The address of a console page of the same provider (`name` without the namespace)."""
    return reverse(f"console:{name}", args=[request.access.organisation.slug, *args])


def back_to(request: PageRequest, name: str, *args: object, query: str = "") -> HttpResponse:
    """Redirect to a console page of the same provider."""
    return redirect(address(request, name, *args) + (f"?{query}" if query else ""))


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the console; `slug` is there for its links."""
    access = request.access  # type: ignore[attr-defined]  # organisation_page put it there
    full = {**context, "slug": access.organisation.slug}
    return render(request, f"console/{template}.html", full, status=status)


def attempt(request: HttpRequest, write: Callable[[], object], *, done: str) -> bool:
    """Do a write that has no form; say at the top of the next page how it went."""
    try:
        write()
    except Refused as refused:
        messages.error(request, refused.message)
        return False
    messages.success(request, done)
    return True


def typed(request: HttpRequest, name: str) -> str:
    """One value of a plain form. A null character, which nobody types, is left out."""
    return request.POST.get(name, "").replace("\x00", "")


def chosen_id(text: str, known: Collection[int]) -> int | None:
    """The id that a filter names, if it is one of those known."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
    return number if number in known else None
