"""Who may act for an organisation: members, invitations, partners' delegations, API tokens."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from standfast.apps.tenancy.models.organisation import Organisation


class Member(models.Model):
    """A person in an organisation, with one role a row (see `roles`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(max_length=30)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], name="one_row_per_member_and_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.organisation})"


class Invitation(models.Model):
    """An offer, sent by e-mail, to become a member. Only a hash of its token is kept."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField()
    role = models.CharField(max_length=30)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]


class Delegation(models.Model):
    """A tenant's permission for a partner to act for it, with one of the delegated roles."""

    partner = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="delegations_held"
    )
    tenant = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="delegations_given"
    )
    role = models.CharField(max_length=30)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["tenant__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "tenant"],
                condition=Q(revoked_at__isnull=True),
                name="one_live_delegation_per_pair",
            )
        ]


class ApiToken(models.Model):
    """A program's key. Only a SHA-256 of the secret half is kept; `prefix` finds the row."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="api_tokens"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="api_tokens",
        help_text="Whom the token acts for; empty for a program of its own.",
    )
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
