"""A message of the message center; a planned maintenance is one kind of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from standfast.apps.catalog.models import Component, Service
from standfast.apps.tenancy.models import Organisation


class Message(models.Model):
    """What a provider tells its tenants apart from issues, with an id such as MC100042.

    `kind` says which columns count: maintenance uses the window and its automatic start and end.
    `state` is draft, scheduled, in_progress, completed or cancelled; tenants never see drafts.
    `audience` is everybody who was ever told. `sequence` grows with each change that a calendar
    must take over, `version` with every write: it guards against two people editing at once.
    """

    provider = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="messages")
    reference = models.CharField(_("id"), max_length=20, unique=True)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="draft")
    title = models.JSONField(_("title"), default=dict)
    body = models.JSONField(_("text"), default=dict)
    services = models.ManyToManyField(Service, related_name="messages")
    components = models.ManyToManyField(Component, blank=True, related_name="+")
    audience = models.ForeignKey(
        "messagecenter.MessageAudience", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_public = models.BooleanField(_("shown on the public page"), default=False)

    start_at = models.DateTimeField(_("start"), null=True)
    end_at = models.DateTimeField(_("end"), null=True)
    starts_itself = models.BooleanField(_("starts by itself"), default=True)
    ends_itself = models.BooleanField(_("ends by itself"), default=True)
    sequence = models.PositiveIntegerField(default=0)

    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["start_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["provider", "kind", "state"]),
            models.Index(fields=["kind", "state", "start_at"]),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_planned(self) -> bool:
        """Told and not over yet."""
        return self.state in {"scheduled", "in_progress"}


class MaintenanceManager(models.Manager["Maintenance"]):
    """Only messages of this kind."""

    def get_queryset(self) -> models.QuerySet[Maintenance]:
        return super().get_queryset().filter(kind="maintenance")


class Maintenance(Message):
    """A message about planned work with a window."""

    objects: ClassVar = MaintenanceManager()

    class Meta:
        proxy = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = self.kind or "maintenance"
