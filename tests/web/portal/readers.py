"""Who looks at the portal in the tests, and at what."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.apps.tenancy.models import Organisation, User
from standfast.engine.targeting import Scope
from tests.factories import SYSTEM, make_member
from tests.factories_incidents import World, publish_issue


def signed_in(user: User, *, language: str = "en") -> Client:
    """A browser of this person, in this language."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def reader(tenant: Organisation, role: str = "admin", *, language: str = "en") -> Client:
    """A browser of somebody who has this role there."""
    return signed_in(make_member(tenant, role), language=language)


def page(client: Client, name: str, tenant: Organisation, *args: object, query: str = "") -> str:
    """The text of a page of the portal, without markup; the page must be there."""
    response = client.get(reverse(f"portal:{name}", args=[tenant.slug, *args]) + query)
    assert response.status_code == 200, response.status_code
    return words(response.content)


def status_of(client: Client, name: str, tenant: Organisation, *args: object) -> int:
    """The HTTP status of a page of the portal."""
    return client.get(reverse(f"portal:{name}", args=[tenant.slug, *args])).status_code


def words(content: bytes) -> str:
    """What a person reads of a page, spaces put together."""
    html = content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", main)))


def open_issue(world: World, scope: Scope, *, ago: timedelta, **changes: Any) -> Issue:
    """An issue that began and was published so long ago."""
    began = datetime.now(UTC) - ago
    return publish_issue(world, scope, now=began, start_at=began, **changes).issue


def say(issue: Issue, text: str, *, status: str = "serviceDegradation", ago: timedelta) -> None:
    """Post an update so long ago."""
    issue.refresh_from_db()
    post_update(
        issue=issue,
        version=issue.version,
        body={"en": text},
        status=status,
        by=SYSTEM,
        now=datetime.now(UTC) - ago,
    )


def close(issue: Issue, *, status: str = "serviceRestored", ago: timedelta) -> None:
    """Resolve an issue so long ago."""
    issue.refresh_from_db()
    resolve(
        issue=issue,
        version=issue.version,
        body={"en": "It is over."},
        status=status,
        end_at=None,
        by=SYSTEM,
        now=datetime.now(UTC) - ago,
    )
