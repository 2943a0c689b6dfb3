"""The frame of a page, rendered once for each reader and address: it is half the work of a page."""

from __future__ import annotations

import secrets
from typing import Any

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from standfast.apps.tenancy.queries.access import Access, memberships_of
from standfast.web.kept import Kept

register = template.Library()

# Stands in a kept frame for the token of its forms, which is another one in each response.
TOKEN = f"own-{secrets.token_hex(8)}"

_topbars: Kept[str] = Kept(most=2_000)
_helps: Kept[str] = Kept(most=10)


@register.simple_tag(takes_context=True)
def topbar(context: dict[str, Any]) -> SafeString:
    """The top bar: organisation, navigation, language, account."""
    request: HttpRequest = context["request"]
    access: Access | None = context.get("access")
    if access is None:
        return render_to_string("components/topbar.html", _flat(context))
    html = _topbars.get(
        _key(request, access),
        lambda: render_to_string("components/topbar.html", {**_flat(context), "csrf_token": TOKEN}),
    )
    return mark_safe(html.replace(TOKEN, get_token(request)))  # noqa: S308 - a template made it


@register.simple_tag
def keyboard_help() -> SafeString:
    """The dialog that lists the keys."""
    language = get_language()
    html = _helps.get(language, lambda: render_to_string("components/keyboard_help.html"))
    return mark_safe(html)  # noqa: S308 - a template made it


def _key(request: HttpRequest, access: Access) -> tuple[object, ...]:
    """All that the top bar shows."""
    places = tuple(
        (member.organisation.slug, member.organisation.name, member.role)
        for member in memberships_of(access.user)
    )
    organisation = access.organisation
    return (
        access.user.pk,
        str(access.user),
        access.face,
        organisation.slug,
        organisation.name,
        access.capabilities,
        places,
        request.get_full_path(),
        get_language(),
    )


def _flat(context: Any) -> dict[str, Any]:
    flat: dict[str, Any] = context.flatten()
    return flat
