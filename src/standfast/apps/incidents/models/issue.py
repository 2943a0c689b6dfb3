"""An issue: an incident or an advisory, from detection to resolution."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from standfast.apps.catalog.models import Feature, Service
from standfast.apps.tenancy.models import Organisation


class Issue(models.Model):
    """What is wrong with one service, as customers are told.

    `stage` is detected, draft, published, resolved or dismissed; tenants see only published and
    resolved ones. `status` is one of Graph's. Texts are a dictionary per language. `scope` is the
    wanted scope in JSON (`engine.targeting.Scope`); `audience` is the last one published to.
    `version` grows with every write and guards against two people editing at once.
    """

    provider = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="issues")
    reference = models.CharField(_("id"), max_length=20, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="issues")
    feature = models.ForeignKey(
        Feature, on_delete=models.SET_NULL, null=True, blank=True, related_name="issues"
    )
    stage = models.CharField(max_length=12, default="draft")
    classification = models.CharField(_("classification"), max_length=12, default="incident")
    status = models.CharField(_("status"), max_length=40, default="investigating")
    severity = models.CharField(_("severity"), max_length=10, default="normal")
    is_public = models.BooleanField(_("shown on the public page"), default=False)

    title = models.JSONField(_("title"), default=dict)
    user_impact = models.JSONField(_("user impact"), default=dict)
    more_info = models.JSONField(_("more info"), default=dict, blank=True)
    workaround = models.JSONField(_("workaround"), default=dict, blank=True)
    root_cause = models.JSONField(_("root cause"), default=dict, blank=True)

    scope = models.JSONField(default=dict, blank=True)
    audience = models.ForeignKey(
        "incidents.AudienceVersion", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    detected_at = models.DateTimeField(null=True, blank=True)
    start_at = models.DateTimeField(_("estimated start"))
    end_at = models.DateTimeField(_("end"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField()
    cadence_minutes = models.PositiveIntegerField(_("minutes between updates"), default=60)
    next_update_by = models.DateTimeField(_("next update by"), null=True, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-start_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["provider", "stage", "-modified_at"]),
            models.Index(fields=["stage", "end_at"]),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Published and not resolved."""
        return self.stage == "published"
