"""The subscriptions of a provider's tenants and visitors, for the people who run it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.queries.proof import Told, told, with_stages
from standfast.apps.delivery.queries.reach import in_reach, told_by
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import Access

PAGE_SIZE = 50
CONDITIONS = ("working", "failing", "stopped", "paused", "unconfirmed")
OWNERS = ("people", "organisations", "visitors")


@dataclass(frozen=True, slots=True)
class Health:
    """How a subscription does: what was sent and what failed in the last 30 days."""

    sent: int
    failed: int
    last_error: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page is narrowed to; empty means everything."""

    search: str = ""
    condition: str = ""
    owner: str = ""
    channel: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.search or self.condition or self.owner or self.channel)


def subscriptions_of(
    provider: Organisation, chosen: Filter, *, page: int | str = 1
) -> Page[Subscription]:
    """Those in the provider's reach that fit, by organisation."""
    rows = in_reach(provider)
    if word := chosen.search.strip():
        rows = rows.filter(
            Q(address__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(organisation__slug__iexact=word)
            | Q(user__name__icontains=word)
            | Q(user__email__icontains=word)
        )
    rows = _with_condition(rows, chosen.condition, provider)
    rows = _with_owner(rows, chosen.owner)
    if chosen.channel:
        rows = rows.filter(channel=chosen.channel)
    rows = _with_last(rows.select_related("organisation", "user"), provider)
    ordered = rows.order_by("organisation__name", "user_id", "rank", "id")
    return Paginator(ordered, PAGE_SIZE).get_page(page)


def count_by_condition(provider: Organisation) -> dict[str, int]:
    """How many subscriptions are in each condition."""
    rows = in_reach(provider)
    return {name: _with_condition(rows, name, provider).count() for name in CONDITIONS}


def get_subscription_of(access: Access, subscription_id: int) -> Subscription:
    """One subscription in the provider's reach. Raises NoAccess."""
    rows = in_reach(access.organisation).select_related("organisation", "user")
    found: Subscription | None = (
        _with_last(rows, access.organisation).filter(pk=subscription_id).first()
    )
    if access.face != "provider" or found is None:
        raise NoAccess
    return found


def health_of(provider: Organisation, subscription: Subscription, *, now: datetime) -> Health:
    """What the provider sent lately and what of it failed, with the newest error."""
    since = now - timedelta(days=30)
    ours = told_by(provider).filter(subscription=subscription)
    lately = ours.filter(notice__created_at__gte=since).order_by()
    counts = dict(lately.values_list("state").annotate(Count("id")))
    errors = lately.exclude(last_error="").order_by("-id").values_list("last_error", flat=True)
    return Health(counts.get("sent", 0), counts.get("failed", 0), next(iter(errors[:1]), ""))


def last_told_lines(
    provider: Organisation, subscription: Subscription, *, limit: int = 20
) -> list[tuple[Delivery, Told]]:
    """The newest deliveries of this provider's notices to a subscription, with their stages."""
    ours = told_by(provider).filter(subscription=subscription)
    newest = with_stages(ours).select_related("notice__issue", "notice__post", "covered_by")
    return [(one, told(one)) for one in newest.order_by("-id")[:limit]]


def _with_last(rows: QuerySet[Subscription], provider: Organisation) -> QuerySet[Any]:
    """With `last_told_at`, when the provider's newest message was handed over; not another's."""
    sent = told_by(provider).filter(subscription=OuterRef("pk"), sent_at__isnull=False)
    newest = sent.order_by("-sent_at").values("sent_at")[:1]
    return rows.annotate(last_told_at=Subquery(newest))


def _with_condition(
    rows: QuerySet[Subscription], condition: str, provider: Organisation
) -> QuerySet[Subscription]:
    unconfirmed = Q(is_public=True, confirmed_at__isnull=True)
    match condition:
        case "working":
            return rows.filter(is_active=True).exclude(unconfirmed)
        case "failing":
            failed = told_by(provider).filter(
                Q(state="failed") | Q(state="pending", attempts_made__gt=0)
            )
            return rows.filter(is_active=True, pk__in=failed.values("subscription"))
        case "stopped":
            return rows.filter(is_active=False).exclude(stopped_because="")
        case "paused":
            return rows.filter(is_active=False, stopped_because="")
        case "unconfirmed":
            return rows.filter(unconfirmed, is_active=True)
    return rows


def _with_owner(rows: QuerySet[Subscription], owner: str) -> QuerySet[Subscription]:
    match owner:
        case "people":
            return rows.filter(user__isnull=False)
        case "organisations":
            return rows.filter(user__isnull=True, is_public=False)
        case "visitors":
            return rows.filter(is_public=True)
    return rows
