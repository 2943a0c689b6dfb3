"""A report of impact that somebody wrote to an account, and the answer."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from standfast.apps.incidents.models import Issue
from standfast.apps.social.models.account import SocialAccount


class Mention(models.Model):
    """`state` is open, linked (to an issue) or closed (answered, or put aside).

    Of the writer no more is kept than the name under which it wrote in public. `receipt` is what an
    answer replies to. `answer_state` is empty, pending, sent or failed.
    """

    account = models.ForeignKey(SocialAccount, on_delete=models.CASCADE, related_name="mentions")
    number = models.CharField(max_length=60)
    receipt = models.CharField(max_length=60)
    author = models.CharField(max_length=200)
    text = models.TextField()
    url = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10, blank=True)
    written_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    issue = models.ForeignKey(
        Issue, on_delete=models.SET_NULL, null=True, blank=True, related_name="mentions"
    )
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_state = models.CharField(max_length=10, blank=True)
    answer_error = models.CharField(max_length=500, blank=True)
    answer_tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-written_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="each_mention_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(answer_state="pending"),
                name="answers_waiting",
            )
        ]
