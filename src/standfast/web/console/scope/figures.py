"""The figures of a scope's audience, also when it cannot be resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.audiences import AudienceView, resolve_scope
from standfast.apps.catalog.queries.scopes import ScopeParts, parts_of
from standfast.engine.targeting import Scope, UnknownComponents

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import Organisation


@dataclass(frozen=True, slots=True)
class Figures:
    """A scope in words and numbers. `audience` is None when it cannot be told: see `problem`."""

    parts: ScopeParts
    audience: AudienceView | None
    problem: str = ""

    @property
    def most_by_region(self) -> int:
        """The length of the longest bar of the regions, at least 1."""
        shares = self.audience.by_region if self.audience else []
        return max([share.tenants for share in shares], default=1)

    @property
    def most_by_service(self) -> int:
        """The length of the longest bar of the services, at least 1."""
        shares = self.audience.by_service if self.audience else []
        return max([share.tenants for share in shares], default=1)


def figures_of(
    provider: Organisation, scope: Scope, *, resolved: Scope | None = None, most: int = 8
) -> Figures:
    """Resolve a scope for a page. `resolved` is the scope that counts for an issue's service."""
    parts = parts_of(provider, scope)
    if scope.is_empty:
        return Figures(parts, None)
    try:
        return Figures(parts, resolve_scope(provider, resolved or scope, most=most))
    except UnknownComponents:
        return Figures(parts, None, _("Some of the components no longer exist; choose them again."))
