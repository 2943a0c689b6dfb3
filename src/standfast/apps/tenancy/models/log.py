"""Two append-only logs: who wrote what (audit), and what happened that others act on (outbox)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.tenancy.models.organisation import Organisation


class AuditEntry(models.Model):
    """One write: when, by whom (a person, a token or the system), on what."""

    at = models.DateTimeField(db_index=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="audit_entries"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_key = models.CharField(max_length=100)
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "-id"])]


class OutboxEvent(models.Model):
    """Something happened low that matters high; written in the transaction that made it so.

    Two readers: delivery handles each row once (`handled_at`), event streams follow the ids.
    """

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=60, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=models.Q(handled_at__isnull=True), name="outbox_open"
            )
        ]
