"""Which page of an issue a reader may see: its provider's console, a tenant's portal, or public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries.health import issue_for
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import User
from standfast.apps.tenancy.queries.access import accesses_of
from standfast.engine.health.lifecycle import VISIBLE


@dataclass(frozen=True, slots=True)
class Door:
    """The namespace of the page (console, portal, public) and the organisation in its address."""

    face: str
    slug: str


def door_to(user: User | AnonymousUser, reference: str, *, now: datetime) -> Door | None:
    """The first page of the issue that the reader may see, or None."""
    issue = Issue.objects.filter(reference=reference).select_related("provider", "service").first()
    if issue is None:
        return None
    for access in accesses_of(user) if isinstance(user, User) else []:
        slug = access.organisation.slug
        if access.face == "provider" and access.organisation == issue.provider:
            return Door("console", slug)
        if access.face == "tenant" and access.may("health.read"):
            try:
                issue_for(access.organisation, reference, now=now)
            except NoAccess:
                continue
            return Door("portal", slug)
    if issue.is_public and issue.service.is_public and issue.stage in VISIBLE:
        return Door("public", issue.provider.slug)
    return None
