"""A store that the backup site is written to, and what was written there last."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Target(models.Model):
    """One configured store: how its last write went, and when it is tried again.

    `key` is a hash of the address as configured (which may hold a password), `address` what may be
    shown. `covered` are the ids of the newest outbox events that its content holds: a lower id may
    be committed later, so one number would not do. A claim keeps two workers from writing at once.
    `public_key` and `emergency_keys` are those of the last write: the worker's machine has them.
    """

    key = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=500)
    position = models.PositiveIntegerField(default=0)
    covered = models.JSONField(default=list)
    tried_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)
    public_key = models.CharField(max_length=80, blank=True)
    emergency_keys = models.JSONField(default=list)
    looked_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=60, blank=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]


class WrittenSite(models.Model):
    """One site as it stands in one target. `mark` changes whenever its content would."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="sites")
    prefix = models.CharField(max_length=120, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    mark = models.CharField(max_length=64, blank=True)
    generated_at = models.DateTimeField()
    stale_after = models.DateTimeField()
    refresh_at = models.DateTimeField(db_index=True)
    files = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["prefix"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["target", "prefix"], name="one_row_per_target_and_site")
        ]
