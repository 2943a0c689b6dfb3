"""Alerts as received, tied to the issue that they opened or feed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from standfast.apps.catalog.models import Component, Service
from standfast.apps.incidents.models import Issue
from standfast.apps.ingest.models.source import AlertSource, LabelRule


class Notification(models.Model):
    """One webhook body that was accepted or refused, for the console's log."""

    source = models.ForeignKey(AlertSource, on_delete=models.CASCADE, related_name="notifications")
    received_at = models.DateTimeField(db_index=True)
    group_key = models.CharField(max_length=500, blank=True)
    alerts = models.PositiveIntegerField(default=0)
    truncated = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=20)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]


class Alert(models.Model):
    """One alert instance (fingerprint and start), updated by every repetition.

    Without a `service` it has no place in the catalog; `problem` says why, or remarks on it.
    """

    source = models.ForeignKey(AlertSource, on_delete=models.CASCADE, related_name="alerts")
    issue = models.ForeignKey(Issue, on_delete=models.SET_NULL, null=True, related_name="alerts")
    rule = models.ForeignKey(LabelRule, on_delete=models.SET_NULL, null=True, related_name="+")
    component = models.ForeignKey(
        Component, on_delete=models.SET_NULL, null=True, related_name="alerts"
    )
    service = models.ForeignKey(Service, on_delete=models.SET_NULL, null=True, related_name="+")
    fingerprint = models.CharField(max_length=64)
    group_key = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10)
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    generator_url = models.CharField(max_length=1000, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    first_received_at = models.DateTimeField()
    last_received_at = models.DateTimeField()
    times_received = models.PositiveIntegerField(default=1)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-last_received_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "fingerprint", "starts_at"], name="one_row_per_alert_instance"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["source", "group_key"])]
