"""What became of the messages, for the provider: totals, trouble, each delivery's tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from standfast.apps.delivery.models import Delivery, Notice, Subscription
from standfast.apps.delivery.queries.reach import in_reach
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import Access

PAGE_SIZE = 50
STATES = (
    *("held", "standby", "pending", "claimed"),
    *("sent", "merged", "spared", "failed", "cancelled"),
)


@dataclass(frozen=True, slots=True)
class Totals:
    """Deliveries by state."""

    by_state: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        """Not sent yet, and still to be sent."""
        return sum(self.by_state[state] for state in ("held", "pending", "claimed"))

    @property
    def sent(self) -> int:
        """Handed over."""
        return self.by_state["sent"]

    @property
    def failed(self) -> int:
        """Given up on."""
        return self.by_state["failed"]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice of an issue: its counts, and why others were not told."""

    notice: Notice
    totals: Totals
    skips: dict[str, int]


@dataclass(frozen=True, slots=True)
class IssueTrouble:
    """An issue with deliveries that failed or are late."""

    issue: Issue
    totals: Totals


def totals_since(provider: Organisation, *, since: datetime) -> Totals:
    """The provider's deliveries of notices made since."""
    return _totals(_of_provider(provider).filter(notice__created_at__gte=since))


def totals_of(issue: Issue) -> Totals:
    """All deliveries of an issue."""
    return _totals(Delivery.objects.filter(notice__issue=issue))


def totals_of_maintenance(maintenance_id: int) -> Totals:
    """All deliveries of a maintenance."""
    return _totals(Delivery.objects.filter(notice__message_update__message=maintenance_id))


def notices_of(issue: Issue) -> list[NoticeView]:
    """Every notice of the issue, newest first, with its counts."""
    rows = Delivery.objects.filter(notice__issue=issue).order_by()
    counts: dict[int, dict[str, int]] = {}
    for notice_id, state, count in rows.values_list("notice_id", "state").annotate(Count("id")):
        counts.setdefault(notice_id, {})[state] = count
    return [
        NoticeView(notice, _of_states(counts.get(notice.pk, {})), _some(notice.skipped))
        for notice in Notice.objects.filter(issue=issue).select_related("post").order_by("-id")
    ]


def deliveries_of(
    issue: Issue, *, state: str = "", search: str = "", page: int | str = 1
) -> Page[Delivery]:
    """The issue's deliveries with their tries, failed ones first."""
    rows = _of_provider(issue.provider).filter(notice__issue=issue)
    return _page(rows, issue.provider, state=state, search=search, page=page)


def failing(provider: Organisation, *, page: int | str = 1) -> Page[Delivery]:
    """The provider's deliveries that failed, or that wait after a failed try; newest first."""
    trouble = Q(state="failed") | Q(state__in=["pending", "claimed"], attempts_made__gt=0)
    rows = _of_provider(provider).filter(trouble)
    return _page(rows, provider, state="", search="", page=page)


def recent_issues(provider: Organisation, *, now: datetime, days: int = 7) -> list[IssueTrouble]:
    """Issues with notices in the last days, the newest notice first, with their counts."""
    recent = Notice.objects.filter(
        issue__provider=provider, created_at__gte=now - timedelta(days=days)
    ).order_by()
    ids = list(
        recent.values("issue")
        .annotate(last=Max("id"))
        .order_by("-last")
        .values_list("issue", flat=True)[:30]
    )
    issues = Issue.objects.select_related("service").in_bulk(ids)
    counts: dict[int, dict[str, int]] = {}
    rows = Delivery.objects.filter(notice__issue__in=ids).order_by()
    for issue, state, count in rows.values_list("notice__issue", "state").annotate(Count("id")):
        counts.setdefault(issue, {})[state] = count
    return [IssueTrouble(issues[pk], _of_states(counts.get(pk, {}))) for pk in ids]


def stopped_subscriptions(provider: Organisation, *, limit: int = 50) -> list[Subscription]:
    """Subscriptions of the provider's tenants that stopped by themselves, newest first."""
    rows = in_reach(provider).filter(is_active=False, is_public=False)
    stopped = rows.exclude(stopped_because="").select_related("organisation", "user")
    return list(stopped.order_by("-id")[:limit])


def get_delivery_for(access: Access, delivery_id: int) -> Delivery:
    """One delivery of the provider's issues. Raises NoAccess."""
    rows = _of_provider(access.organisation).select_related("notice__issue")
    found = rows.filter(pk=delivery_id).first()
    if access.face != "provider" or found is None:
        raise NoAccess
    return found


def _of_provider(provider: Organisation) -> QuerySet[Delivery]:
    return Delivery.objects.filter(notice__provider=provider)


def _page(
    rows: QuerySet[Delivery],
    provider: Organisation,
    *,
    state: str,
    search: str,
    page: int | str,
) -> Page[Delivery]:
    """A page of deliveries; `reachable` says whether the provider may open the subscription."""
    if state in STATES:
        rows = rows.filter(state=state)
    if word := search.strip():
        rows = rows.filter(
            Q(address__icontains=word) | Q(subscription__organisation__name__icontains=word)
        )
    rows = rows.select_related(
        "subscription__organisation",
        "user",
        "notice__issue__service",
        "notice__message_update__message",
    )
    rows = rows.prefetch_related("attempts").order_by("-id")
    theirs = in_reach(provider).filter(pk=OuterRef("subscription"))
    annotated: QuerySet[Any] = rows.annotate(reachable=Exists(theirs))
    return Paginator(annotated, PAGE_SIZE).get_page(page)


def _totals(rows: QuerySet[Delivery]) -> Totals:
    return _of_states(dict(rows.order_by().values_list("state").annotate(Count("id"))))


def _of_states(found: dict[str, int]) -> Totals:
    return Totals({state: found.get(state, 0) for state in STATES})


def _some(skips: dict[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in skips.items() if count}
