"""One page of the backup site in every language: self-contained, with its age in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from standfast.apps.tenancy.languages import LANGUAGES

# The first language's pages lie at the top.
FOLDERS = {
    language: "" if not place else f"{language}/" for place, language in enumerate(LANGUAGES)
}
NAMES = {"en": "English", "zh-hant": "中文"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of one generation of a site share. `owner` is whose status it is."""

    owner: str
    generated_at: datetime
    stale_after: datetime
    zone: tzinfo
    live_address: str = ""
    private: bool = False


def page(frame: Frame, path: str, template: str, context: Mapping[str, Any]) -> dict[str, bytes]:
    """The page at `path` (below each language's folder), as files."""
    files = {}
    for language, folder in FOLDERS.items():
        shared = {
            **context,
            **_inline(),
            "owner": frame.owner,
            "generated_at": frame.generated_at,
            "stale_after": frame.stale_after,
            "live_address": frame.live_address,
            "private": frame.private,
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
            text = render_to_string(f"backup/{template}.html", shared)
        files[folder + path] = "\n".join(filter(None, map(str.strip, text.splitlines()))).encode()
    return files


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
