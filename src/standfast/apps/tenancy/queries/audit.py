"""Reads of the audit log."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.db.models import Q

from standfast.apps.tenancy.models import AuditEntry
from standfast.apps.tenancy.queries.access import Access

PAGE_SIZE = 50


def audit_of(
    access: Access, *, actor: str = "", action: str = "", search: str = "", page: int | str = 1
) -> Page[AuditEntry]:
    """The organisation's entries, newest first.

    `actor` is a part of the writer's label, `action` the beginning of an action (`token.`),
    `search` a part of the object's key or of the writer.
    """
    rows = AuditEntry.objects.filter(organisation=access.organisation)
    if actor := actor.strip():
        rows = rows.filter(actor__icontains=actor)
    if action := action.strip():
        rows = rows.filter(action__startswith=action)
    if search := search.strip():
        rows = rows.filter(Q(object_key__icontains=search) | Q(actor__icontains=search))
    return Paginator(rows, PAGE_SIZE).get_page(page)


def actions_of(access: Access) -> list[str]:
    """The kinds of action that occur, for the filter."""
    rows = AuditEntry.objects.filter(organisation=access.organisation).order_by("action")
    return list(rows.values_list("action", flat=True).distinct())
