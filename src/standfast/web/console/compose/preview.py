"""A draft before it is published: as a chosen tenant will see it, and whom it notifies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.tenants import tenants_of
from standfast.apps.delivery.queries.plans import PlanView, preview_plan
from standfast.apps.incidents.queries.preview import preview_for
from standfast.apps.incidents.queries.views import TenantIssueView
from standfast.apps.incidents.services.reach import resolve_for
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.queries.organisations import tenants_by_number
from standfast.engine.targeting import Audience, Scope, UnknownComponents, largest

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue
    from standfast.apps.tenancy.models import Organisation

# So many tenants are offered by name; others are found by typing.
OFFERED = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would do. `view` is None when the chosen tenant would see nothing.

    `problem` says why nobody can be told; then everything else is empty.
    """

    tenants: int = 0
    users: int = 0
    offered: tuple[Organisation, ...] = ()
    tenant: Organisation | None = None
    view: TenantIssueView | None = None
    plan: PlanView | None = None
    problem: str = ""


def preview_of(
    issue: Issue, *, body: Localised, due_at: datetime | None, wanted: str, now: datetime
) -> Preview:
    """Preview the issue for the tenant whose name or short name is `wanted`, else the largest."""
    try:
        audience = resolve_for(issue)
    except Refused as refused:
        return Preview(problem=refused.message)
    except UnknownComponents:
        return Preview(problem=_("Some of the components no longer exist; choose the scope again."))
    if not audience.tenants:
        return Preview(problem=_("No tenant has users on these parts, so nobody would be told."))
    offered = _largest_tenants(audience)
    tenant = _chosen(issue, wanted) or next(iter(offered), None)
    view = (
        preview_for(
            issue,
            tenant,
            audience=audience,
            unclear=Scope.from_json(issue.scope or {}).unclear,
            body=body,
            next_update_by=due_at,
            now=now,
        )
        if tenant
        else None
    )
    return Preview(
        tenants=len(audience),
        users=audience.total_users,
        offered=offered,
        tenant=tenant,
        view=view,
        plan=preview_plan(issue=issue, audience_tenants=audience.tenants, now=now),
    )


def _largest_tenants(audience: Audience) -> tuple[Organisation, ...]:
    numbers = [number for number, _users in largest(audience, OFFERED)]
    named = tenants_by_number(numbers)
    return tuple(named[number] for number in numbers if number in named)


def _chosen(issue: Issue, wanted: str) -> Organisation | None:
    if not wanted.strip():
        return None
    found = [row.tenant for row in tenants_of(issue.provider, search=wanted)]
    exact = [each for each in found if wanted.strip() in {each.name, each.slug}]
    return next(iter(exact or found), None)
