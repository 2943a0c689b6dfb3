"""Stored issues: see each module for one idea."""

from standfast.apps.incidents.models.audience import AudienceVersion
from standfast.apps.incidents.models.issue import Issue
from standfast.apps.incidents.models.post import Post, Promise
from standfast.apps.incidents.models.report import ProblemReport
from standfast.apps.incidents.models.template import PostTemplate

__all__ = ["AudienceVersion", "Issue", "Post", "PostTemplate", "ProblemReport", "Promise"]
