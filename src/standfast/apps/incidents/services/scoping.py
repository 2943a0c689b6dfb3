"""A scope against the catalog: only the provider's own parts and the tenants of its services."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Component, Service, ServiceSubscription
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import Scope


def check_scope(*, provider: Organisation, scope: Scope) -> None:
    """Raise Refused naming the part of the scope that is not this provider's to name."""
    known = set(
        Component.objects.filter(provider=provider, pk__in=scope.components).values_list(
            "pk", flat=True
        )
    )
    if missing := scope.components - known:
        raise Refused(
            "components",
            _("%(count)s of the components do not exist (any more); choose them again.")
            % {"count": len(missing)},
        )
    services = Service.objects.filter(provider=provider, pk__in=scope.services)
    if services.count() != len(scope.services):
        raise Refused("services", _("Choose among your own services."))
    for name, numbers in (("include", scope.include), ("exclude", scope.exclude)):
        tenants = ServiceSubscription.objects.filter(
            service__provider=provider, tenant__number__in=numbers
        ).values("tenant_id")
        if tenants.distinct().count() != len(numbers):
            raise Refused(name, _("Choose among the tenants that use your services."))


def effective_scope(issue: Issue, scope: Scope | None = None) -> Scope:
    """The scope of an issue as it is resolved: placements count for the issue's service only.

    A scope that names tenants only stays as it is; one that names other services keeps them.
    """
    scope = scope or Scope.from_json(issue.scope or {})
    if scope.looks_at_placements and not scope.services:
        return replace(scope, services=frozenset({issue.service_id}))
    return scope
