"""Stored accounts and mentions."""

from standfast.apps.social.models.account import SocialAccount
from standfast.apps.social.models.mention import Mention

__all__ = ["Mention", "SocialAccount"]
