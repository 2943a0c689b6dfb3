"""From what happened to who is told of it: one outbox event, one notice, its deliveries.

Everything that an event leads to is written in one transaction with the mark that it is handled,
so a killed worker leaves either nothing or all of it; handling it again makes nothing twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from standfast.apps.delivery.models import Notice
from standfast.apps.delivery.queries.plans import plan_for
from standfast.apps.delivery.queries.recipients import Recipient, told_tenants
from standfast.apps.delivery.services.staff import WARNINGS, tell_staff
from standfast.apps.delivery.services.writing import DeliveryDraft, write_deliveries
from standfast.apps.incidents.models import AudienceVersion, Issue, Post
from standfast.apps.incidents.queries.issues import issue_by_id
from standfast.apps.tenancy.models import OutboxEvent
from standfast.engine.routing.keys import idempotency_key
from standfast.engine.routing.notice import Event
from standfast.engine.routing.plan import SendPlan

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=10)
# The kind of an outbox event → what the send plan calls it, and the kind of notice.
POSTS = {
    "issue.published": (Event.PUBLISHED, "post"),
    "issue.widened": (Event.PUBLISHED, "post"),
    "issue.updated": (Event.UPDATED, "post"),
    "issue.resolved": (Event.RESOLVED, "post"),
    "issue.released": (Event.RELEASED, "closing"),
}


def plan_waiting(*, now: datetime, limit: int = 50) -> int:
    """Handle up to `limit` open outbox events, oldest first. Returns how many were handled.

    An event that cannot be handled is logged and tried again a little later; the others go on.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    waiting = OutboxEvent.objects.filter(free, handled_at__isnull=True).order_by("id")
    handled = 0
    for event_id in list(waiting.values_list("id", flat=True)[:limit]):
        try:
            handled += plan_event(event_id=event_id, now=now)
        except Exception:
            logger.exception("outbox event %s cannot be handled; trying again", event_id)
            OutboxEvent.objects.filter(pk=event_id).update(claimed_until=now + RETRY_AFTER)
    return handled


@transaction.atomic
def plan_event(*, event_id: int, now: datetime) -> bool:
    """Handle one event, unless another worker has or does. Returns whether this call did."""
    rows = OutboxEvent.objects.select_for_update(skip_locked=True)
    event = rows.filter(pk=event_id, handled_at__isnull=True).first()
    if event is None:
        return False
    issue = issue_by_id(event.payload.get("issue_id", 0))
    if issue is not None and event.kind in POSTS:
        _tell_tenants(event, issue, now)
    elif issue is not None and event.kind in WARNINGS:
        tell_staff(event=event, issue=issue, now=now)
    OutboxEvent.objects.filter(pk=event.pk).update(handled_at=now, claimed_until=None)
    return True


def _tell_tenants(event: OutboxEvent, issue: Issue, now: datetime) -> None:
    what, kind = POSTS[event.kind]
    post = Post.objects.get(pk=event.payload["post_id"])
    audience = AudienceVersion.objects.get(pk=event.payload["audience_id"])
    tenants = told_tenants(audience, event.payload["group"])
    plan, recipients = plan_for(issue, tenants, event=what, now=now)
    notice = Notice.objects.create(
        kind=kind,
        event=event,
        issue=issue,
        post=post,
        created_at=now,
        planned_at=now,
        skipped=plan.skipped_by_reason() | {"nobody_subscribed": _untold(plan, len(tenants))},
    )
    write_deliveries(notice=notice, drafts=_drafts(plan, recipients, post), now=now)


def _untold(plan: SendPlan, audience: int) -> int:
    """How many tenants of the audience nobody is told for."""
    return audience - len({tenant for send in plan.sends for tenant in send.tenants})


def _drafts(plan: SendPlan, recipients: dict[int, Recipient], post: Post) -> list[DeliveryDraft]:
    drafts = []
    for send in plan.sends:
        subscription = send.subscription
        recipient = recipients[subscription.id]
        drafts.append(
            DeliveryDraft(
                subscription_id=subscription.id,
                user_id=None,
                channel=send.channel,
                address=recipient.address,
                language=subscription.language,
                reason=send.reason.value,
                key=idempotency_key(post.pk, subscription.id, send.channel),
            )
        )
    return drafts
