"""A secret that the next page shows, once: sealed, because sessions are rows of the database."""

from __future__ import annotations

from typing import Any

from standfast.apps.tenancy.sealing import CannotUnseal, seal, unseal
from standfast.web.entry import PageRequest

_KEY = "standfast_shown_once"


def show_once(request: PageRequest, about: str, secret: str) -> None:
    """Keep `secret` for the page about `about`, such as “source 5”."""
    request.session[_KEY] = {about: seal(secret)}


def shown_once(request: PageRequest, about: str) -> str:
    """The secret kept for this page, or ''; a second look finds nothing."""
    kept: dict[str, Any] = request.session.get(_KEY, {})
    if about not in kept:
        return ""
    del request.session[_KEY]
    try:
        return unseal(kept[about])
    except CannotUnseal:
        return ""
