"""A problem that a tenant reports because it does not see it on its dashboard."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.catalog.models import Feature, Service
from standfast.apps.incidents.models.issue import Issue
from standfast.apps.tenancy.models import Organisation


class ProblemReport(models.Model):
    """`state` is open, linked (to an issue), or closed (with an answer)."""

    tenant = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="problem_reports"
    )
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="problem_reports")
    feature = models.ForeignKey(
        Feature, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    description = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    issue = models.ForeignKey(
        Issue, on_delete=models.SET_NULL, null=True, blank=True, related_name="problem_reports"
    )
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["tenant", "-created_at"])]
