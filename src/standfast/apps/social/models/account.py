"""An account that a provider speaks from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from standfast.apps.delivery.models import Subscription


class SocialAccount(models.Model):
    """A public subscription of the provider, over a channel that speaks to everybody.

    What it says, its address and its sealed keys are the subscription's, so its posts are planned,
    sent, retried and shown as every other message. Here is what the listening needs: `since` is the
    newest notification that was read, `listen_error` why the last look failed.
    """

    subscription = models.OneToOneField(
        Subscription, on_delete=models.CASCADE, related_name="social_account"
    )
    listens = models.BooleanField(default=True)
    since = models.CharField(max_length=60, blank=True)
    listened_at = models.DateTimeField(null=True, blank=True)
    next_listen_at = models.DateTimeField(null=True, blank=True, db_index=True)
    listen_failures = models.PositiveSmallIntegerField(default=0)
    listen_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["subscription__channel", "subscription__address"]
