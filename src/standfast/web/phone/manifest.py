"""The manifest: how the app is called, drawn and started once it is on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from standfast.apps.catalog.queries.public import public_provider
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.languages import LANGUAGES

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import Organisation

FRESH_SECONDS = 3_600
COLOUR, PAGE = "#0b5d7a", "#f6f7f9"
SIZES = (192, 512)


@require_safe
@conditional_page
def manifest(request: HttpRequest) -> HttpResponse:
    """The app of people who sign in, in the language that the page names."""
    with override(_language(request)):
        return _answer(_of_people())


@require_safe
@conditional_page
def public_manifest(request: HttpRequest, slug: str) -> HttpResponse:
    """The app of a provider's public page, for visitors without an account."""
    try:
        provider = public_provider(slug)
    except NoAccess as refused:
        raise Http404 from refused
    with override(_language(request)):
        return _answer(_of_visitors(provider))


def _of_people() -> dict[str, Any]:
    shortcuts = [
        _shortcut(_("Service health"), "health"),
        _shortcut(_("Planned maintenance"), "maintenance"),
        _shortcut(_("Notifications"), "notifications"),
    ]
    return {
        **_look("Standfast", "/"),
        "id": "/",
        "start_url": "/?from=app",
        "scope": "/",
        "description": _("What is wrong for us, what it means, and what comes next."),
        "shortcuts": shortcuts,
    }


def _of_visitors(provider: Organisation) -> dict[str, Any]:
    start = reverse("public:overview", args=[provider.slug])
    return {
        **_look(_("Status"), start),
        "name": _("Status of %(provider)s") % {"provider": provider.name},
        "scope": start,
        "shortcuts": [],
    }


def _look(name: str, start: str) -> dict[str, Any]:
    chinese = (get_language() or "en").startswith("zh")
    return {
        "id": start,
        "name": name,
        "short_name": name,
        "start_url": start,
        "lang": "zh-Hant" if chinese else "en",
        "dir": "ltr",
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": PAGE,
        "categories": ["business", "productivity", "utilities"],
        "icons": [
            {"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(_icon(f"icon-{size}", size, "any") for size in SIZES),
            *(_icon(f"icon-maskable-{size}", size, "maskable") for size in SIZES),
        ],
    }


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"img/{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _shortcut(name: str, place: str) -> dict[str, Any]:
    icons = [_icon("icon-192", 192, "any")]
    return {"name": name, "url": reverse("go", args=[place]), "icons": icons}


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else "en"


def _answer(content: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(
        content,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response
