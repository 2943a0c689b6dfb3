"""An organisation: a provider, a tenant, a partner, or any mix of the three."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """The unit of tenancy.

    `number` is dense, from 0, and given once to every organisation that consumes services:
    audiences are Roaring bitmaps of these numbers.
    """

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_provider = models.BooleanField(_("provider"), default=False)
    is_tenant = models.BooleanField(_("tenant"), default=False)
    is_partner = models.BooleanField(_("partner"), default=False)
    number = models.PositiveIntegerField(unique=True, null=True, blank=True, editable=False)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def faces(self) -> list[str]:
        """The roles that the organisation plays: provider, tenant, partner."""
        played = {
            "provider": self.is_provider,
            "tenant": self.is_tenant,
            "partner": self.is_partner,
        }
        return [face for face, plays in played.items() if plays]
