"""What was said about a message, and when: one row each time somebody was told."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.messagecenter.models.audience import MessageAudience
from standfast.apps.messagecenter.models.message import Message


class MessageUpdate(models.Model):
    """One update, as announced then. `kind` is scheduled, changed, moved, news, started,
    completed or cancelled; `body` may be empty where the kind says it all.

    Of a move `start_before` and `end_before` keep the window that people had noted down.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="updates")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=12)
    start_at = models.DateTimeField(null=True)
    end_at = models.DateTimeField(null=True)
    start_before = models.DateTimeField(null=True)
    end_before = models.DateTimeField(null=True)
    audience = models.ForeignKey(MessageAudience, on_delete=models.PROTECT, related_name="updates")
    told = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    actor = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "number"], name="message_updates_count_up")
        ]
