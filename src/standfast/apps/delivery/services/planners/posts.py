"""A post to the subscribers of its audience."""

from __future__ import annotations

from datetime import datetime

from standfast.apps.delivery.queries.plans import told_of
from standfast.apps.delivery.queries.recipients import told_tenants
from standfast.apps.delivery.services.telling import Telling, tell_subscribers
from standfast.apps.incidents.models import AudienceVersion, Post
from standfast.apps.incidents.queries.issues import issue_by_id
from standfast.apps.tenancy.models import OutboxEvent
from standfast.engine.routing.notice import Event

# The kind of an outbox event → what the send plan calls it, and the kind of notice.
POSTS = {
    "issue.published": (Event.PUBLISHED, "post"),
    "issue.widened": (Event.PUBLISHED, "post"),
    "issue.updated": (Event.UPDATED, "post"),
    "issue.resolved": (Event.RESOLVED, "post"),
    "issue.released": (Event.RELEASED, "closing"),
}


def plan_post(event: OutboxEvent, now: datetime) -> None:
    """Tell the tenants of the event's group of what was posted."""
    what, kind = POSTS[event.kind]
    issue = issue_by_id(event.payload.get("issue_id", 0))
    if issue is None:
        return
    post = Post.objects.get(pk=event.payload["post_id"])
    audience = AudienceVersion.objects.get(pk=event.payload["audience_id"])
    telling = Telling(
        kind=kind,
        event=event,
        provider=issue.provider,
        issue=issue,
        post=post,
        told=told_of(issue, what),
        tenants=told_tenants(audience, event.payload["group"]),
        key=post.pk,
    )
    tell_subscribers(telling, now=now)
