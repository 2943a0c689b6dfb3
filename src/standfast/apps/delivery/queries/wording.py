"""What came of a try, in the language of whoever reads it; it is stored in English."""

from __future__ import annotations

from django.utils.translation import gettext

from standfast.channels.details import recognised


def detail_in_words(detail: str) -> str:
    """Our sentences in the active language; the words of a foreign server as they are."""
    found = recognised(detail)
    if found is None:
        return detail
    template, values = found
    return gettext(template) % values if values else gettext(template)
