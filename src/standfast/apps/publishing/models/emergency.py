"""A post that somebody wrote straight to the backup site, as it was found there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import Organisation


class EmergencyPost(models.Model):
    """`key` is the post's own id, so that it is taken over once however many stores hold it.

    `thread` joins a post with its updates. `document` is what was signed. Until `taken_at`, the
    post is kept on the backup site as it is; `problem` says why it could not be taken over.
    """

    key = models.CharField(max_length=40, unique=True)
    thread = models.CharField(max_length=40, db_index=True)
    provider = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    document = models.JSONField()
    found_in = models.CharField(max_length=500)
    found_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    issue = models.ForeignKey(Issue, on_delete=models.SET_NULL, null=True, related_name="+")
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["found_at", "id"]
