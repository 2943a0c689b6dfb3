"""What people want of one issue, and when each last heard of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from standfast.apps.delivery.models import Delivery, IssueWish
from standfast.apps.incidents.models import Issue
from standfast.engine.routing.notice import Wish


def burst_window() -> timedelta:
    """How long updates of one issue are put together, as the operator set it."""
    return timedelta(seconds=settings.STANDFAST_BURST_SECONDS)


def wishes_for(issue: Issue | None) -> dict[int, Wish]:
    """Who follows or mutes the issue, by person."""
    if issue is None:
        return {}
    rows = IssueWish.objects.filter(issue=issue).values_list("user_id", "wish")
    return {user_id: Wish(wish) for user_id, wish in rows if wish in list(Wish)}


def wish_of(user_id: int, issue: Issue) -> str:
    """“follow”, “mute”, or nothing: what this person wants of the issue."""
    row = IssueWish.objects.filter(user=user_id, issue=issue).first()
    return row.wish if row else ""


def last_told(issue: Issue | None, *, now: datetime) -> dict[int, datetime]:
    """By subscription, when it last heard of the issue, or will at once; lately only."""
    if issue is None:
        return {}
    since = now - burst_window()
    lately = Q(sent_at__gt=since) | Q(
        state__in=["pending", "claimed"], notice__created_at__gt=since, attempts_made=0
    )
    rows = Delivery.objects.filter(lately, notice__issue=issue, subscription__isnull=False)
    heard = Max(Coalesce("sent_at", "released_at", "notice__created_at"))
    return dict(
        rows.order_by()
        .values("subscription")
        .annotate(heard=heard)
        .values_list("subscription", "heard")
    )
