"""Every audience that a message was ever told to, kept for audit."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from standfast.apps.messagecenter.models.message import Message


class MessageAudience(models.Model):
    """Who had been told of a message: `tenants` is a Roaring bitmap of tenant numbers.

    It only grows: whoever was told once hears of every later change. `added` are those new in
    this one, `scope` is what was resolved.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="audiences")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    scope = models.JSONField(default=dict)
    tenants = models.BinaryField()
    added = models.BinaryField(default=b"")
    tenant_count = models.PositiveIntegerField()
    added_count = models.PositiveIntegerField(default=0)
    user_count = models.PositiveBigIntegerField()

    class Meta:
        ordering: ClassVar = ["message", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "number"], name="message_audiences_count_up")
        ]
