"""The page of the backup site, and the button that writes it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.publishing.queries.targets import emergency_posts, freshness, tenant_pages
from standfast.apps.publishing.services.targets import configured, want_write
from standfast.apps.publishing.signing_keys import emergency_file
from standfast.bundle.keys import key_id
from standfast.web.console.frame import attempt, back_to, console_page, show
from standfast.web.entry import PageRequest


@console_page("delivery.read")
def backup(request: PageRequest) -> HttpResponse:
    """How fresh each place is, where people find it, which keys sign it."""
    places = freshness(now=request.now)
    newest = next((place.target for place in places if place.target.public_key), None)
    public = newest.public_key if newest else ""
    allowed = newest.emergency_keys if newest else []
    context = {
        "places": places,
        "configured": configured(),
        "bad": [place for place in places if place.level == "bad"],
        "troubled": [place for place in places if place.level == "warn"],
        "address": settings.STANDFAST_BACKUP_URL,
        "public_key": public,
        "key_name": key_id(public) if public else "",
        "emergency_keys": [(key, key_id(key)) for key in allowed],
        "key_at_home": emergency_file() if emergency_file().exists() else None,
        "posts": emergency_posts(request.access.organisation),
        "tenant_pages": tenant_pages(),
    }
    return show(request, "backup/page", context)


@require_POST
@console_page("delivery.manage")
def write_now(request: PageRequest) -> HttpResponse:
    """Ask the workers to write every place now."""
    attempt(
        request,
        lambda: want_write(
            organisation=request.access.organisation,
            by=request.access.actor,
            now=request.now,
        ),
        done=_("The backup site is written now; look again in some seconds."),
    )
    return back_to(request, "backup")
