"""Services and their features."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from standfast.apps.tenancy.models import Organisation


class Service(models.Model):
    """Something that a provider runs and tenants subscribe to.

    `key` is the short id of the wire formats, `name` a text per language, `issue_prefix` the
    letters that issue ids begin with, `owner` the person whom a lapsed promise escalates to.
    `capabilities` are the words that channels need (mail, internet, …): while the service has an
    open incident, a channel that needs one of them is in doubt.
    """

    provider = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="services")
    key = models.SlugField(_("key"), max_length=60)
    name = models.JSONField(_("name"), default=dict)
    description = models.JSONField(_("description"), default=dict, blank=True)
    issue_prefix = models.CharField(_("issue prefix"), max_length=4, default="SF")
    icon = models.CharField(_("icon"), max_length=40, default="stack-2")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cadence_minutes = models.PositiveIntegerField(
        _("minutes between updates"), default=60, validators=[MinValueValidator(5)]
    )
    is_public = models.BooleanField(_("shown on the public page"), default=True)
    capabilities = models.JSONField(_("what channels need it for"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "key"], name="one_service_per_key")
        ]

    def __str__(self) -> str:
        return self.name.get("en") or self.key


class Feature(models.Model):
    """A part of a service that people would name: sign-in, search, shared mailboxes."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="features")
    key = models.SlugField(_("key"), max_length=60)
    name = models.JSONField(_("name"), default=dict)
    group = models.JSONField(_("feature group"), default=dict, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "key"], name="one_feature_per_key")
        ]

    def __str__(self) -> str:
        return self.name.get("en") or self.key
