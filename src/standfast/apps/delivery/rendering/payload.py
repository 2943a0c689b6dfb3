"""What programs are sent: documented JSON, the same for every webhook (docs/guides/webhooks.md)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from standfast.apps.delivery import links
from standfast.apps.delivery.models import Delivery, Notice
from standfast.apps.delivery.rendering.maintenance import maintenance_payload
from standfast.apps.delivery.rendering.personal import affected_users
from standfast.apps.incidents.models import Issue, Post
from standfast.channels.contract import slot
from standfast.engine.health.status import is_resolved


def payload_of(notice: Notice, *, to_subscription: bool = True) -> dict[str, Any]:
    """`{"type", "timestamp", "data"}` of a notice; times are ISO 8601 in UTC.

    What is each recipient's own is left open: see `fields_of`.
    """
    data: dict[str, Any] = {"organisation": slot("organisation") if to_subscription else None}
    if notice.issue is not None and notice.post is not None:
        data |= _issue(notice.issue, notice.post)
        data["affected_users"] = slot("affected_users")
        data["released"] = notice.kind == "closing"
        if to_subscription:
            data["url"] = slot("url")
    if (update := notice.message_update) is not None:
        data |= maintenance_payload(update)
        if to_subscription:
            data["url"] = slot("url")
    return {
        "type": _type(notice),
        "timestamp": _time(notice.post.created_at if notice.post else notice.created_at),
        "data": data,
    }


def fields_of(delivery: Delivery) -> dict[str, str]:
    """What is one recipient's own in its payload, as JSON."""
    notice, subscription = delivery.notice, delivery.subscription
    fields = {"affected_users": str(affected_users(delivery))}
    if subscription is not None:
        fields["organisation"] = json.dumps(subscription.organisation.slug)
        if (update := notice.message_update) is not None:
            where = links.maintenance_of(subscription)
            fields["url"] = json.dumps(f"{where}{update.message.reference}/")
        elif notice.issue is not None:
            fields["url"] = json.dumps(links.portal_issue(subscription.organisation, notice.issue))
    return fields


def _type(notice: Notice) -> str:
    """The event's own kind, such as issue.published; `test` for a message sent by hand."""
    if notice.event is not None:
        return notice.event.kind
    return "test" if notice.kind == "test" else "issue.updated"


def _issue(issue: Issue, post: Post) -> dict[str, Any]:
    return {
        "id": issue.reference,
        "service": {"id": issue.service.key, "name": issue.service.name},
        "feature": (
            {"id": issue.feature.key, "name": issue.feature.name} if issue.feature else None
        ),
        "classification": issue.classification,
        "status": post.status,
        "severity": issue.severity,
        "is_resolved": is_resolved(post.status),
        "scope_is_unclear": post.audience.unclear,
        "title": issue.title,
        "user_impact": issue.user_impact,
        "more_info": issue.more_info,
        "workaround": issue.workaround,
        "root_cause": issue.root_cause,
        "start_at": _time(issue.start_at),
        "end_at": _time(issue.end_at),
        "next_update_by": _time(post.next_update_by),
        "post": {
            "number": post.number,
            "kind": post.kind,
            "body": post.body,
            "created_at": _time(post.created_at),
        },
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
