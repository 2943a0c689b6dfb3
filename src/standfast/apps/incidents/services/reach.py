"""Resolving a scope and keeping the audience that came out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from pyroaring import BitMap

from standfast.apps.catalog.index import current_index, provider_scope
from standfast.apps.catalog.queries.audiences import audience_split
from standfast.apps.incidents.models import AudienceVersion, Issue
from standfast.apps.incidents.services.scoping import effective_scope
from standfast.apps.incidents.services.wording import reason
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.engine.targeting import Audience, Scope, compare, pack_audience, resolve


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What a new scope would do to an issue's audience. Counts of tenants, and of users now."""

    audience: Audience
    added: BitMap
    released: BitMap


def resolve_for(issue: Issue, scope: Scope | None = None) -> Audience:
    """Who the scope of the issue (or another one) reaches at this moment."""
    wanted = effective_scope(issue, scope)
    if wanted.is_empty:
        raise Refused(
            "components",
            _("Nobody is chosen. Pick components, services or tenants, or say that it is unclear."),
        )
    return resolve(current_index(), provider_scope(issue.provider, wanted))


def preview_change(*, issue: Issue, scope: Scope) -> ChangePreview:
    """Compare what a scope reaches with the audience that the issue has now."""
    audience = resolve_for(issue, scope)
    before = BitMap.deserialize(bytes(issue.audience.tenants)) if issue.audience else BitMap()
    change = compare(before, audience.tenants)
    return ChangePreview(audience, change.added, change.released)


def store_audience(
    *, issue: Issue, scope: Scope, why: str, by: Actor, now: datetime
) -> AudienceVersion:
    """Resolve, store the next audience version and make it the issue's audience (issue unsaved).

    Raises Refused when the scope reaches nobody.
    """
    change = preview_change(issue=issue, scope=scope)
    if not change.audience.tenants:
        raise Refused(
            "components",
            _("No tenant has users on these parts, so nobody would be told. Widen the scope."),
        )
    issue.scope = scope.to_json()
    issue.audience = AudienceVersion.objects.create(
        issue=issue,
        number=issue.audiences.count() + 1,
        at=now,
        by=by.user,
        actor=by.label[:200],
        why=reason(why),
        scope=issue.scope,
        unclear=scope.unclear,
        tenants=change.audience.tenants.serialize(),
        packed=pack_audience(change.audience),
        added=change.added.serialize(),
        released=change.released.serialize(),
        tenant_count=len(change.audience),
        user_count=change.audience.total_users,
        added_count=len(change.added),
        released_count=len(change.released),
        split=audience_split(issue.provider, effective_scope(issue, scope)),
    )
    return issue.audience
