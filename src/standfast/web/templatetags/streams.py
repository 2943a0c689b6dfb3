"""`{% stream_url "tenant" %}`: the event stream that a page follows."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from standfast.web.streams import stream_address

register = template.Library()


@register.simple_tag(takes_context=True)
def stream_url(context: dict[str, Any], face: str, provider: Any = None) -> str:
    """The stream of the page's reader: `tenant`, `provider` (its console) or `public`.

    `public` needs the provider whose page it is.
    """
    language = get_language() or "en"
    if face == "public":
        return stream_address(public=provider.pk, language=language)
    organisation = context["access"].organisation
    if face == "provider":
        return stream_address(console=organisation.pk, language=language)
    return stream_address(tenants=(organisation.number,), language=language)
