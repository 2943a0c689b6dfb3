"""A provider's own row of the responsibility chart, for all its services or for one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from standfast.apps.catalog.models import Service
from standfast.apps.tenancy.models import Organisation


class ChartEntry(models.Model):
    """Overrides the default row of the same `key`, or adds a row of its own.

    `owner` is customer, provider or both; texts are per language; `regular_*` is what each side
    does in regular operations, `incident_*` during an incident. `hidden` takes a row off the chart.
    """

    provider = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="chart_entries"
    )
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="chart_entries"
    )
    key = models.SlugField(max_length=60)
    owner = models.CharField(max_length=10)
    name = models.JSONField(default=dict)
    regular_provider = models.JSONField(default=dict, blank=True)
    regular_customer = models.JSONField(default=dict, blank=True)
    incident_provider = models.JSONField(default=dict, blank=True)
    incident_customer = models.JSONField(default=dict, blank=True)
    position = models.PositiveIntegerField(default=0)
    hidden = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "key"],
                condition=Q(service__isnull=True),
                name="one_chart_row_per_provider_and_key",
            ),
            models.UniqueConstraint(
                fields=["provider", "service", "key"],
                condition=Q(service__isnull=False),
                name="one_chart_row_per_service_and_key",
            ),
        ]
