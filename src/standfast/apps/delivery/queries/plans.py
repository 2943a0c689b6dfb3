"""The send plan of an issue, before or while it is carried out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap

from standfast.apps.catalog.queries.regions import regions_of
from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.models.subscription import shown_address
from standfast.apps.delivery.queries.heard import burst_window
from standfast.apps.delivery.queries.recipients import Recipient, recipients_among
from standfast.apps.delivery.queries.trouble import failing_at, failing_with
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import Organisation
from standfast.engine.routing.circumstances import Circumstances
from standfast.engine.routing.entries import Action, SendPlan
from standfast.engine.routing.notice import Event, Notice
from standfast.engine.routing.plan import make_plan
from standfast.engine.targeting import Scope

SAMPLE = 20


@dataclass(frozen=True, slots=True)
class PlannedSend:
    """One recipient of the preview: whose it is, where it goes (of a webhook the host), and why.

    `remarks` say what else was decided; `until` is set when it is told later.
    """

    organisation: str
    channel: str
    address: str
    language: str
    reason: str
    remarks: list[str]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """Who would be notified. `by_channel` and `skips` (by reason) count subscriptions.

    `held` of the messages go out later, `standing_by` are ready in case that another fails,
    `doubtful` go over a channel that depends on something that is failing.
    `nobody_subscribed`: tenants of the audience that see the issue but get no message.
    """

    by_channel: dict[str, int]
    sample: list[PlannedSend]
    skips: dict[str, int]
    nobody_subscribed: int
    held: int
    standing_by: int
    doubtful: int

    @property
    def total(self) -> int:
        """How many messages would go out."""
        return sum(self.by_channel.values())


def told_of(issue: Issue, event: Event) -> Notice:
    """What an event of the issue is to the send plan."""
    components = Scope.from_json(issue.scope or {}).components
    return Notice(
        kind=issue.classification,
        services=frozenset({issue.service_id}),
        severity=issue.severity,
        event=event,
        regions=regions_of(components),
        public=issue.is_public and issue.service.is_public,
    )


def plan_told(
    notice: Notice,
    tenants: BitMap,
    *,
    provider: Organisation,
    now: datetime,
    issue: Issue | None = None,
    tenants_alone: bool = False,
) -> tuple[SendPlan, dict[int, Recipient]]:
    """Plan one thing that a provider tells these tenants; the recipients are by subscription id.

    `tenants_alone` leaves out the provider's own people and visitors, who belong to no tenant.
    """
    recipients = recipients_among(tenants, provider=provider, now=now, issue=issue)
    if tenants_alone:
        recipients = {
            key: each for key, each in recipients.items() if each.wanted.tenant is not None
        }
    wanted = (recipient.wanted for recipient in recipients.values())
    failing = failing_at(now)
    if notice.event in {Event.PUBLISHED, Event.UPDATED}:
        failing = failing_with(failing, issue, tenants)
    around = Circumstances(now, failing, burst_window())
    return make_plan(notice, tenants, wanted, around), recipients


def preview_plan(*, issue: Issue, audience_tenants: BitMap, now: datetime) -> PlanView:
    """What publishing or updating the issue now would send, and to whom. Stores nothing."""
    event = Event.UPDATED if issue.stage == "published" else Event.PUBLISHED
    plan, recipients = plan_told(
        told_of(issue, event), audience_tenants, provider=issue.provider, now=now, issue=issue
    )
    return plan_view(plan, recipients, audience_tenants)


def plan_view(plan: SendPlan, recipients: dict[int, Recipient], tenants: BitMap) -> PlanView:
    """A plan as people look at it; `tenants` is everybody who sees what it tells."""
    shown = plan.sends[:SAMPLE]
    names = dict(
        Subscription.objects.filter(pk__in=[send.subscription.id for send in shown]).values_list(
            "id", "organisation__name"
        )
    )
    told = {tenant for send in plan.sends for tenant in send.tenants}
    return PlanView(
        by_channel=dict(Counter(send.channel for send in plan.sends)),
        sample=[
            PlannedSend(
                organisation=names[send.subscription.id],
                channel=send.channel,
                address=shown_address(recipients[send.subscription.id].address),
                language=send.subscription.language,
                reason=send.reason.value,
                remarks=[remark.value for remark in send.remarks],
                until=send.until,
            )
            for send in shown
        ],
        skips=plan.skipped_by_reason(),
        nobody_subscribed=len(tenants) - len(told),
        held=len(plan.of(Action.HOLD)),
        standing_by=len(plan.of(Action.STAND_BY)),
        doubtful=sum(bool(send.failing) for send in plan.sends),
    )
