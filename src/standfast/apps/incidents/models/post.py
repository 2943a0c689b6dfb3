"""Posts (one update each) and the promises they make."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.incidents.models.audience import AudienceVersion
from standfast.apps.incidents.models.issue import Issue


class Post(models.Model):
    """One update of an issue, as published.

    `kind` is regular, quick, closing (only the tenants that `audience` released see it) or
    automatic (filler, which keeps no promise). `status` and `next_update_by` are as announced then.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, default="regular")
    body = models.JSONField(default=dict)
    status = models.CharField(max_length=40)
    audience = models.ForeignKey(AudienceVersion, on_delete=models.PROTECT, related_name="posts")
    created_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    actor = models.CharField(max_length=200)
    cadence_minutes = models.PositiveIntegerField(null=True)
    next_update_by = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "number"], name="posts_count_up")
        ]


class Promise(models.Model):
    """“Next update by …”: made by a post, kept by the next real update or by the resolution."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="promises")
    made_by = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="promises")
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(answered_at__isnull=True),
                name="promises_open",
            )
        ]
