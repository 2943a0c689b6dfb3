"""Stored tenancy: see each module for one idea."""

from standfast.apps.tenancy.models.access import ApiToken, Delegation, Invitation, Member
from standfast.apps.tenancy.models.log import AuditEntry, OutboxEvent
from standfast.apps.tenancy.models.organisation import Organisation
from standfast.apps.tenancy.models.user import User

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Delegation",
    "Invitation",
    "Member",
    "Organisation",
    "OutboxEvent",
    "User",
]
