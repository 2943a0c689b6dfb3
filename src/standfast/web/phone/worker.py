"""The service worker: a static script with the words and files of this version in front of it.

It is served from the root, because a worker governs only what lies below its own address.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import conditional_page, require_safe

from standfast.apps.tenancy.languages import LANGUAGES

STATIC = Path(__file__).resolve().parent.parent / "static"
SCRIPT = "js/service_worker.js"
# What every page needs to look right without a network.
SHELL = (
    *("vendor/tabler.min.css", "vendor/icons.svg", "vendor/htmx.min.js", "vendor/sse.min.js"),
    *("js/theme.js", "js/page.js", "js/app.js", "img/icon.svg", "img/icon-192.png"),
)


@require_safe
@conditional_page
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script; browsers look for a new one at each visit."""
    response = HttpResponse(_script(settings.STANDFAST_VAPID.public), "text/javascript")
    patch_cache_control(response, no_cache=True, public=True)
    return response


@cache
def _script(vapid: str) -> str:
    source = (STATIC / SCRIPT).read_text("utf-8")
    about = {
        "version": _version(source),
        "shell": [static(name) for name in (*SHELL, *_styles())],
        "offline": {
            language: f"{reverse('offline')}?language={language}" for language in LANGUAGES
        },
        "words": {language: _words(language) for language in LANGUAGES},
        "icon": static("img/icon-192.png"),
        "badge": static("img/badge-96.png"),
        "files": settings.STATIC_URL,
        "vapid": vapid,
        "renew": reverse("push_renew"),
    }
    return f"const ABOUT = {json.dumps(about, ensure_ascii=False)};\n{source}"


def _styles() -> list[str]:
    return [f"css/{path.name}" for path in sorted((STATIC / "css").glob("*.css"))]


def _words(language: str) -> dict[str, Any]:
    with override(language):
        return {
            # {age} becomes “14 minutes”.
            "old": _("Last known state, {age} old."),
            "fresh": _("Last known state, less than a minute old."),
            "offline": _("You are offline."),
            "silent": _("Standfast does not answer."),
        }


def _version(source: str) -> str:
    """Changes with any file of the shell, so that an update never mixes old and new."""
    digest = hashlib.sha256(source.encode())
    for name in (*SHELL, *_styles()):
        path = STATIC / name
        digest.update(path.read_bytes() if path.exists() else b"")
    for language in LANGUAGES:
        digest.update(json.dumps(_words(language), ensure_ascii=False).encode())
    return digest.hexdigest()[:12]
