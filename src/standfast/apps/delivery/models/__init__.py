"""Stored delivery: see each module for one idea."""

from standfast.apps.delivery.models.choices import IssueWish, OrganisationDefaults, QuietHours
from standfast.apps.delivery.models.delivery import Attempt, Delivery, Notice, NotTold
from standfast.apps.delivery.models.subscription import Subscription

__all__ = [
    "Attempt",
    "Delivery",
    "IssueWish",
    "NotTold",
    "Notice",
    "OrganisationDefaults",
    "QuietHours",
    "Subscription",
]
