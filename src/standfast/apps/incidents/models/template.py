"""Prepared wording for issues and posts, with placeholders such as {service} and {start}."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from standfast.apps.catalog.models import Service
from standfast.apps.tenancy.models import Organisation


class PostTemplate(models.Model):
    """A template of a provider; for one service or for all. Texts are per language."""

    provider = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="post_templates"
    )
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True)
    name = models.CharField(_("name"), max_length=100)
    classification = models.CharField(max_length=12, default="incident")
    status = models.CharField(max_length=40, default="investigating")
    title = models.JSONField(default=dict, blank=True)
    user_impact = models.JSONField(default=dict, blank=True)
    body = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "name"], name="one_template_per_name")
        ]
