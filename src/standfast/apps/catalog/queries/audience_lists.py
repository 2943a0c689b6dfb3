"""Every tenant of an audience, a page at a time, the largest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.core.paginator import Page, Paginator
from django.db.models import Q

from standfast.apps.catalog.index import current_index, provider_scope
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.organisations import search_tenants, tenants_by_number
from standfast.engine.targeting import Audience, Scope, resolve

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
    chosen = _largest_first(audience)
    if text := search.strip():
        named = {each.number for each in _named(text)}
        chosen = [pair for pair in chosen if pair[0] in named]
    found = Paginator(chosen, PAGE_SIZE).get_page(page)
    tenants = tenants_by_number(number for number, _users in found.object_list)
    rows = [
        AudienceRow(tenants[number], users)
        for number, users in found.object_list
        if number in tenants
    ]
    return Page(rows, found.number, found.paginator)  # type: ignore[arg-type]  # the same page, of rows


def _named(text: str) -> list[Organisation]:
    return search_tenants(text, within=Q(number__isnull=False), limit=MOST_FOUND)


def _largest_first(audience: Audience) -> list[tuple[int, int]]:
    tenants, users = audience.users_by_tenant()
    order = np.lexsort((tenants, -users))
    return list(zip(tenants[order].tolist(), users[order].tolist(), strict=True))
