"""An unguessable address under which a person's calendar and feeds are read."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.tenancy.models import Organisation


class FeedAddress(models.Model):
    """A secret part of an address, for programs that cannot sign in (calendars, feed readers).

    It shows what its owner may see in the organisation, for as long as the owner may. Only a hash
    of the secret is kept; `hint` is its beginning, by which the owner tells one from another.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="feed_addresses"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_addresses"
    )
    name = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
