"""One page of the backup site in every language: self-contained, with its age in it."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from standfast.apps.delivery.moments import in_zone
from standfast.apps.publishing.queries.sites import Site
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.bundle.manifest import as_text

# The first language's pages lie at the top.
FOLDERS = {
    language: "" if not place else f"{language}/" for place, language in enumerate(LANGUAGES)
}
# Characters that no text of ours holds stand for the times of a generation.
MARKS = {
    name: f"\ue000{name}\ue001" for name in ("generated", "generated_said", "stale", "stale_said")
}
MOST_KEPT = 1_000
_kept: OrderedDict[Hashable, str] = OrderedDict()
_lock = threading.Lock()
NAMES = {"en": "English", "zh-hant": "中文"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of one generation of a site share. `owner` is whose status it is.

    A `private` one leads to the public sites beside it, `publics`.
    """

    owner: str
    generated_at: datetime
    stale_after: datetime
    zone: tzinfo
    live_address: str = ""
    private: bool = False
    publics: tuple[Site, ...] = ()


def page(
    frame: Frame,
    path: str,
    template: str,
    context: Mapping[str, Any],
    *,
    key: Hashable = None,
) -> dict[str, bytes]:
    """The page at `path` (below each language's folder), as files.

    With a `key`, which names all that the page shows, it is rendered once; only the times of the
    generation are put in anew.
    """
    asked = _Asked(path, template, context, key)
    return {
        folder + path: _timed(frame, language, _rendered(frame, asked, language))
        for language, folder in FOLDERS.items()
    }


def forget_pages() -> None:
    """Drop what was kept; for tests, whose ids begin anew."""
    _kept.clear()


@dataclass(frozen=True, slots=True)
class _Asked:
    path: str
    template: str
    context: Mapping[str, Any]
    key: Hashable


def _rendered(frame: Frame, asked: _Asked, language: str) -> str:
    if asked.key is None:
        return _render(frame, asked, language)
    of_frame = (frame.owner, str(frame.zone), frame.live_address, frame.private)
    whole = (asked.key, asked.path, of_frame, language)
    with _lock:
        known = _kept.get(whole)
    if known is None:
        known = _render(frame, asked, language)
        with _lock:
            _kept[whole] = known
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return known


def _render(frame: Frame, asked: _Asked, language: str) -> str:
    folder, path = FOLDERS[language], asked.path
    shared = {
        **asked.context,
        **_inline(),
        **MARKS,
        "owner": frame.owner,
        "live_address": frame.live_address,
        "private": frame.private,
        "publics": frame.publics,
        "language": language,
        "folder": folder,
        "path": path,
        "root": "../" * (folder + path).count("/"),
        "others": [
            {"language": other, "folder": FOLDERS[other], "name": NAMES[other]}
            for other in FOLDERS
            if other != language
        ],
    }
    with translation.override(language), timezone.override(frame.zone):
        text = render_to_string(f"backup/{asked.template}.html", shared)
    return "\n".join(filter(None, map(str.strip, text.splitlines())))


def _timed(frame: Frame, language: str, text: str) -> bytes:
    """The page with the times of this generation in the places of their marks."""
    times = {"generated": frame.generated_at, "stale": frame.stale_after}
    with translation.override(language), timezone.override(frame.zone):
        for name, moment in times.items():
            text = text.replace(MARKS[name], as_text(moment))
            text = text.replace(MARKS[f"{name}_said"], in_zone(moment, frame.zone, language))
    return text.encode()


@cache
def _inline() -> dict[str, str]:
    """The style and the script, and a policy that lets exactly these two do anything."""
    style, script = _source("page.css"), _source("stale.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return {"style": mark_safe(style), "script": mark_safe(script), "policy": policy}  # noqa: S308


def _source(name: str) -> str:
    """A file beside the templates, on lines that the page keeps as they are."""
    text: str = render_to_string(f"backup/{name}")
    return "\n".join(line.strip() for line in text.splitlines())


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
