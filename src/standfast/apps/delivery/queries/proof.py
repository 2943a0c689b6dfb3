"""“Why did I (not) get this?”: what became of each notice of an issue for a person, with times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from standfast.apps.delivery.models import Delivery, Notice, NotTold, Subscription
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.queries.access import Access

MOST_NOTICES = 20


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing that happened: planned, held, released, merged, standby, started, try, sent, …

    `at` may lie ahead (a hold's end, the next try); `detail` is the answer of a try.
    """

    kind: str
    at: datetime | None
    detail: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One channel of the recipient: sent, on its way, or not told (`skipped` says why)."""

    subscription: Subscription | None
    channel: str
    address: str
    state: str
    reason: str
    remarks: list[str]
    failing: list[str]
    stages: list[Stage]
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class NoticeProof:
    """One notice of the issue with what became of it on each of the person's channels."""

    notice: Notice
    lines: list[Told]

    @property
    def reached(self) -> bool:
        """Whether it was handed over on some channel, by itself or within another message."""
        return any(
            stage.kind in {"sent", "told_within"} for line in self.lines for stage in line.stages
        )


def how_told(access: Access, issue: Issue) -> list[NoticeProof]:
    """Each notice of the issue to the person (and, for who manages them, the shared channels)."""
    mine = Q(subscription__user=access.user)
    if access.may("subscription.manage"):
        mine |= Q(subscription__user__isnull=True, subscription__is_public=False)
    here = Q(subscription__organisation=access.organisation)
    deliveries = with_stages(Delivery.objects.filter(here & mine, notice__issue=issue))
    skips = NotTold.objects.filter(here & mine, notice__issue=issue)
    lines: dict[int, list[Told]] = {}
    notices: dict[int, Notice] = {}
    for delivery in deliveries:
        lines.setdefault(delivery.notice_id, []).append(told(delivery))
        notices[delivery.notice_id] = delivery.notice
    for skip in skips.select_related("notice__post", "subscription"):
        lines.setdefault(skip.notice_id, []).append(_not_told(skip))
        notices[skip.notice_id] = skip.notice
    newest = sorted(notices, reverse=True)[:MOST_NOTICES]
    return [NoticeProof(notices[pk], sorted(lines[pk], key=_own_first)) for pk in newest]


def _own_first(line: Told) -> tuple[bool, int, int]:
    """Sort key: the person's own channels in their order, then what is shared."""
    one = line.subscription
    return (one is None or one.user_id is None, one.rank if one else 0, one.pk if one else 0)


def with_stages(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Deliveries with all that their stages need."""
    related = rows.select_related("notice__post", "subscription", "covered_by", "fallback_of")
    return related.prefetch_related("attempts").order_by("id")


def told(delivery: Delivery) -> Told:
    """What became of one delivery."""
    because: dict[str, Any] = delivery.because
    return Told(
        subscription=delivery.subscription,
        channel=delivery.channel,
        address=delivery.shown_address,
        state=delivery.state,
        reason=delivery.reason,
        remarks=list(because.get("remarks", [])),
        failing=list(because.get("failing", [])),
        stages=stages_of(delivery),
        skipped=because.get("skipped", ""),
    )


def _not_told(skip: NotTold) -> Told:
    one = skip.subscription
    return Told(
        subscription=one,
        channel=one.channel,
        address=one.shown_address,
        state="not_told",
        reason="",
        remarks=[],
        failing=[],
        stages=[Stage("planned", skip.notice.planned_at)],
        skipped=skip.reason,
    )


def stages_of(delivery: Delivery) -> list[Stage]:
    """Everything that happened to a delivery and what is still to come, in its order."""
    stages = [Stage("planned", delivery.notice.planned_at)]
    started, at = delivery.because.get("started", ""), delivery.because.get("started_at", "")
    if delivery.fallback_of_id and not started:
        stages.append(Stage("standby", None))
    if started:
        came = datetime.fromisoformat(at) if at else delivery.released_at
        stages.append(Stage(f"started_{started}", came))
    if delivery.held_until:
        stages.append(Stage("held", delivery.held_until))
    if delivery.released_at and (not started or (at and at != delivery.released_at.isoformat())):
        stages.append(Stage("released", delivery.released_at))
    stages += (Stage("try", one.at, one.detail, one.outcome) for one in delivery.attempts.all())
    stages += _ending(delivery)
    if delivery.confirmed_at:
        stages.append(Stage("seen", delivery.confirmed_at))
    return stages


def _ending(delivery: Delivery) -> list[Stage]:
    if delivery.state == "sent":
        return [Stage("sent", delivery.sent_at)]
    if delivery.state == "merged" and delivery.covered_by:
        whole = delivery.covered_by
        return [Stage("told_within" if whole.sent_at else "merged", whole.sent_at)]
    if delivery.state == "pending" and delivery.attempts_made:
        return [Stage("next_try", delivery.next_attempt_at)]
    if "skipped" in delivery.because:  # told above, with the reason
        return []
    if delivery.state in {"failed", "cancelled", "spared"}:
        return [Stage(delivery.state, None)]
    return []
