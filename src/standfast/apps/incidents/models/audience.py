"""Every audience that an issue was ever told to: who, when, by whom, why."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.incidents.models.issue import Issue


class AudienceVersion(models.Model):
    """One resolved audience, kept for audit.

    `tenants` is a portable Roaring bitmap of tenant numbers, `packed` the same with the users of
    each (see `engine.targeting.pack`); `released` and `added` compare with the version before.
    `split` keeps what was shown when it was chosen: tenants and users by region and by service.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="audiences")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    actor = models.CharField(max_length=200)
    why = models.CharField(max_length=500, blank=True)
    scope = models.JSONField(default=dict)
    unclear = models.BooleanField(default=False)
    tenants = models.BinaryField()
    packed = models.BinaryField()
    added = models.BinaryField(default=b"")
    released = models.BinaryField(default=b"")
    tenant_count = models.PositiveIntegerField()
    user_count = models.PositiveBigIntegerField()
    added_count = models.PositiveIntegerField(default=0)
    released_count = models.PositiveIntegerField(default=0)
    split = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["issue", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "number"], name="audience_versions_count_up")
        ]
