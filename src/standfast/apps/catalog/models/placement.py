"""Which tenant uses which service, and how many of its users sit on which component."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from standfast.apps.catalog.models.component import Component
from standfast.apps.catalog.models.service import Service
from standfast.apps.tenancy.models import Organisation


class ServiceSubscription(models.Model):
    """A tenant uses a service, with so many seats."""

    tenant = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="service_subscriptions"
    )
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="tenant_subscriptions"
    )
    seats = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "service"], name="one_subscription_per_tenant_and_service"
            )
        ]


class Placement(models.Model):
    """So many users of a tenant, for one service, on one component.

    Millions of rows, so each index counts: the constraint's serves look-ups by component, and
    nothing looks up by service alone.
    """

    tenant = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="placements")
    component = models.ForeignKey(
        Component, on_delete=models.CASCADE, related_name="placements", db_index=False
    )
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="placements", db_index=False
    )
    users = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["component", "tenant", "service"], name="one_placement_per_triple"
            )
        ]


class CatalogChange(models.Model):
    """What changed for the placement index, in order; the id is the index's revision.

    kind `placement`: component, tenant_number, service, users (the new count; 0 = gone).
    kind `component`: component, present. kind `edge`: parent, component, present.
    kind `subscription`: tenant_number, service, present.
    kind `rebuild`: everything changed (a full import); the index is built anew.
    """

    kind = models.CharField(max_length=20)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
