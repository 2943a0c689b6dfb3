"""Parts of the dashboard that many tenants share, rendered once for all of them."""

from __future__ import annotations

import secrets

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from standfast.apps.incidents.queries.views import ServiceHealth, TenantIssue
from standfast.web.kept import Kept

# Stand in a shared line for what is each tenant's own; nobody can write them into a text.
SLUG, PEOPLE = (f"own-{secrets.token_hex(8)}" for _own in range(2))

_lines: Kept[str] = Kept(most=10_000)
_tiles: Kept[SafeString] = Kept(most=5_000)


def issue_line(each: TenantIssue, slug: str) -> SafeString:
    """The line of an open issue; relative times on it are at most a minute old."""
    line = _shared("components/issue_line.html", each)
    own = line.replace(SLUG, slug).replace(PEOPLE, _people(each.users))
    return mark_safe(own)  # noqa: S308 - rendered by a template; a slug has letters and hyphens


def past_line(each: TenantIssue, slug: str) -> SafeString:
    """The line of an issue that is over, or that turned out not to affect the tenant."""
    line = _shared("components/past_line.html", each)
    return mark_safe(line.replace(SLUG, slug))  # noqa: S308 - as above


def _shared(template: str, each: TenantIssue) -> str:
    issue = each.issue
    key = (
        template,
        issue.pk,
        issue.version,
        each.released,
        tuple(issue.service.name.items()),
        get_language(),
        timezone.get_current_timezone_name(),
        int(timezone.now().timestamp()) // 60,
    )
    return _lines.get(key, lambda: _render_line(template, each))


def _render_line(template: str, each: TenantIssue) -> str:
    href = reverse("portal:issue", args=[SLUG, each.issue.reference])
    return render_to_string(template, {"each": each, "href": href, "people": PEOPLE})


def service_tile(line: ServiceHealth) -> SafeString:
    """A service with its status and its last 30 days; most services look alike to most tenants."""
    days = tuple(each.status for each in line.days)
    key = (line.service.pk, tuple(line.service.name.items()), line.status, days, get_language())
    return _tiles.get(key, lambda: render_to_string("portal/service_tile.html", {"line": line}))


def _people(users: int) -> str:
    if not users:
        return ""
    words = ngettext("%(users)s of your people", "%(users)s of your people", users)
    return format_html('<strong class="push">{}</strong>', words % {"users": intcomma(users)})
