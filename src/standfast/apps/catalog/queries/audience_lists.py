"""Every tenant of an audience, a page at a time, the largest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.core.paginator import Page, Paginator
from django.db.models import Q

from standfast.apps.catalog.index import current_index, provider_scope
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.organisations import search_tenants, tenants_by_number
from standfast.engine.targeting import Scope, resolve

PAGE_SIZE = 50
# Matches looked at by a search; whoever types more letters finds the rest.
MOST_FOUND = 1_000


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """A tenant of an audience with its affected users."""

    tenant: Organisation
    users: int


def audience_page(
    provider: Organisation, scope: Scope, *, search: str = "", page: int | str = 1
) -> Page[AudienceRow]:
    """The tenants that a scope of the provider reaches now. Raises UnknownComponents."""
    audience = resolve(current_index(), provider_scope(provider, scope))
    tenants, users = audience.users_by_tenant()
    if text := search.strip():
        named = [each.number for each in _named(text) if each.number is not None]
        chosen = np.isin(tenants, named)
        tenants, users = tenants[chosen], users[chosen]
    # The order is made of everybody; names and counts are taken for one page.
    found = Paginator(np.lexsort((tenants, -users)).tolist(), PAGE_SIZE).get_page(page)
    shown = [(int(tenants[place]), int(users[place])) for place in found.object_list]
    rows = tenants_by_number(number for number, _users in shown)
    listed = [AudienceRow(rows[number], count) for number, count in shown if number in rows]
    return Page(listed, found.number, found.paginator)


def _named(text: str) -> list[Organisation]:
    return search_tenants(text, within=Q(number__isnull=False), limit=MOST_FOUND)
