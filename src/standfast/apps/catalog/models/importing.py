"""An import of placements: the file, how far it is, and what was wrong with it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.tenancy.models import Organisation


class PlacementImport(models.Model):
    """One import, all or nothing.

    `mode` is `full` (what the file does not name is removed) or `delta`; `state` goes queued →
    running → done | failed; `alive_at` moves while it runs, so that a killed worker's import is
    taken up again; `errors` holds the first bad rows as [{line, field, problem, value}].
    """

    provider = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="placement_imports"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    actor = models.CharField(max_length=200, blank=True)
    filename = models.CharField(max_length=255)
    stored_path = models.CharField(max_length=500)
    mode = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="queued")
    rows_read = models.PositiveBigIntegerField(default=0)
    bytes_read = models.PositiveBigIntegerField(default=0)
    bytes_total = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    removed = models.PositiveBigIntegerField(default=0)
    error_count = models.PositiveBigIntegerField(default=0)
    errors = models.JSONField(default=list)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    alive_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
