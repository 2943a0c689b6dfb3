"""Stored messages: see each module for one idea."""

from standfast.apps.messagecenter.models.address import FeedAddress
from standfast.apps.messagecenter.models.audience import MessageAudience
from standfast.apps.messagecenter.models.message import Maintenance, Message
from standfast.apps.messagecenter.models.update import MessageUpdate

__all__ = ["FeedAddress", "Maintenance", "Message", "MessageAudience", "MessageUpdate"]
