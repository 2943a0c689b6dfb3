"""Stored delivery: see each module for one idea."""

from standfast.apps.delivery.models.delivery import Attempt, Delivery, Notice
from standfast.apps.delivery.models.subscription import Subscription

__all__ = ["Attempt", "Delivery", "Notice", "Subscription"]
