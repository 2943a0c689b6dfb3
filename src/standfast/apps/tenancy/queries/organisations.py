"""Finding organisations: for the operator, for audiences, for pickers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import FACES

# Below the number of parameters that SQLite takes in one statement.
_CHUNK = 10_000


def organisations(*, role: str | None = None) -> list[Organisation]:
    """Every organisation, or those that play `role` (provider, tenant, partner), by name."""
    rows = Organisation.objects.all()
    if role is not None:
        if role not in FACES:
            raise ValueError(f"role: {role} is none of {', '.join(FACES)}")
        rows = rows.filter(**{f"is_{role}": True})
    return list(rows)


def organisation_by_slug(slug: str) -> Organisation | None:
    """The organisation with this short name. For operators: pages go through `access`."""
    return Organisation.objects.filter(slug=slug).first()


def tenants_by_number(numbers: Iterable[int]) -> dict[int, Organisation]:
    """Tenants by their dense number; unknown numbers are left out."""
    wanted = sorted(set(numbers))
    found: dict[int, Organisation] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found.update(
            {
                tenant.number: tenant
                for tenant in Organisation.objects.filter(number__in=chunk)
                if tenant.number is not None
            }
        )
    return found


def search_tenants(text: str, *, within: Q | None = None, limit: int = 20) -> list[Organisation]:
    """The first tenants whose name or short name contains `text`, those that begin with it first.

    `within` narrows to the tenants that the asker may know of (a provider's customers).
    """
    rows = Organisation.objects.filter(is_tenant=True)
    if within is not None:
        rows = rows.filter(within).distinct()
    if not (text := text.strip()):
        return list(rows[:limit])
    first = list(rows.filter(Q(name__istartswith=text) | Q(slug__istartswith=text))[:limit])
    if len(first) == limit:
        return first
    rest = rows.filter(Q(name__icontains=text) | Q(slug__icontains=text)).exclude(
        pk__in=[tenant.pk for tenant in first]
    )
    return [*first, *rest[: limit - len(first)]]
