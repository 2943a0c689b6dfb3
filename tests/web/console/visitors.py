"""Who works in the console in the tests, and on what."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import Scope
from tests.factories import make_member
from tests.factories_incidents import World, make_draft, publish_issue


def visitor(
    at_work: World | Organisation, role: str = "communicator", *, language: str = "en"
) -> Client:
    """A browser of somebody with this role at the provider."""
    client = Client()
    client.force_login(
        make_member(_provider(at_work), role), backend="django.contrib.auth.backends.ModelBackend"
    )
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def at(at_work: World | Organisation, name: str, *args: object) -> str:
    """The address of a console page."""
    return reverse(f"console:{name}", args=[_provider(at_work).slug, *args])


def words(response: Any) -> str:
    """The text of a page, without markup and in single spaces."""
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(text).split())


def read(client: Client, address: str) -> str:
    """The text of a page that must be there."""
    response = client.get(address)
    assert response.status_code == 200, (response.status_code, address)
    return words(response)


def errors(response: Any) -> dict[str, list[str]]:
    """What the page's form refused, by field."""
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def recently() -> datetime:
    """A little before the pages' own clock."""
    return datetime.now(UTC) - timedelta(minutes=2)


def draft(world: World, scope: Scope, **changes: Any) -> Issue:
    """A draft of the last minutes."""
    now = recently()
    return make_draft(world, scope, now=now, start_at=now - timedelta(minutes=20), **changes)


def published(world: World, scope: Scope, **changes: Any) -> Issue:
    """An issue published in the last minutes."""
    now = recently()
    start = now - timedelta(minutes=20)
    return publish_issue(world, scope, now=now, start_at=start, **changes).issue


def fresh(issue: Issue) -> Issue:
    """The issue as stored now."""
    return Issue.objects.select_related("audience", "service").get(pk=issue.pk)


def draft_form(world: World, **changes: Any) -> dict[str, Any]:
    """What somebody types into the form of a draft."""
    typed = {
        "service": str(world.service.pk),
        "feature": "",
        "classification": "incident",
        "status": "serviceDegradation",
        "severity": "high",
        "start_at": recently().strftime("%Y-%m-%dT%H:%MZ"),
        "cadence_minutes": "60",
        "title_en": "Mailboxes do not open",
        "title_zh_hant": "信箱無法開啟",
        "user_impact_en": "People **cannot** open their mailbox.",
        "user_impact_zh_hant": "",
    }
    return {**typed, **changes}


def post_form(issue: Issue, **changes: Any) -> dict[str, Any]:
    """What somebody types into the form of a post on the issue as it is now."""
    typed = {
        "version": str(fresh(issue).version),
        "body_en": "We have found the cause.",
        "body_zh_hant": "我們已找到原因。",
        "status": "restoringService",
        "kind": "regular",
        "promise": "usual",
        "cadence_minutes": "60",
    }
    return {**typed, **changes}


def _provider(at_work: World | Organisation) -> Organisation:
    return at_work.provider if isinstance(at_work, World) else at_work
