"""What people choose beside their channels: when to be left alone, and single issues."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.catalog.models import Component, Service
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import Organisation


class QuietHours(models.Model):
    """When a person is left alone, in the person's time zone.

    `start` after `end` runs past midnight and belongs to the day on which it starts; `days` are
    those (0 is Monday). `breaks_at` is the severity that is told all the same.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours"
    )
    is_on = models.BooleanField(default=True)
    start = models.TimeField(default=time(22, 0))
    end = models.TimeField(default=time(7, 0))
    days = models.JSONField(default=list)
    breaks_at = models.CharField(max_length=10, default="high")


class IssueWish(models.Model):
    """A person follows one issue (told of all, without a digest, but not at night) or mutes it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="issue_wishes"
    )
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="wishes")
    wish = models.CharField(max_length=10)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "issue"], name="one_wish_per_person_and_issue")
        ]


class OrganisationDefaults(models.Model):
    """What an organisation's people begin with, and the quiet hours of those without their own.

    `for_new_members`: whoever joins and may subscribe gets an e-mail subscription of this kind.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="notification_defaults"
    )
    for_new_members = models.BooleanField(default=False)
    kinds = models.JSONField(default=list)
    services = models.ManyToManyField(Service, blank=True, related_name="+")
    regions = models.ManyToManyField(Component, blank=True, related_name="+")
    min_severity = models.CharField(max_length=10, default="normal")
    digest = models.CharField(max_length=10, default="at_once")
    digest_at = models.TimeField(default=time(8, 0))
    digest_day = models.PositiveSmallIntegerField(default=0)
    quiet_is_on = models.BooleanField(default=False)
    quiet_start = models.TimeField(default=time(22, 0))
    quiet_end = models.TimeField(default=time(7, 0))
    quiet_days = models.JSONField(default=list)
    quiet_breaks_at = models.CharField(max_length=10, default="high")
