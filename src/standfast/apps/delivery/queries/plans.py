"""The send plan of an issue, before or while it is carried out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap

from standfast.apps.delivery.models import Subscription
from standfast.apps.delivery.models.subscription import shown_address
from standfast.apps.delivery.queries.recipients import Recipient, recipients_among
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.models import Organisation
from standfast.engine.routing.notice import Event, Notice
from standfast.engine.routing.plan import SendPlan, make_plan

SAMPLE = 20


@dataclass(frozen=True, slots=True)
class PlannedSend:
    """One recipient of the preview: whose it is, where it goes (of a webhook the host), and why."""

    organisation: str
    channel: str
    address: str
    language: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """Who would be notified. `by_channel` and `skips` (by reason) count subscriptions.

    `nobody_subscribed`: tenants of the audience that see the issue but get no message.
    """

    by_channel: dict[str, int]
    sample: list[PlannedSend]
    skips: dict[str, int]
    nobody_subscribed: int

    @property
    def total(self) -> int:
        """How many messages would go out."""
        return sum(self.by_channel.values())


def plan_for(
    issue: Issue, tenants: BitMap, *, event: Event, now: datetime
) -> tuple[SendPlan, dict[int, Recipient]]:
    """Plan one event of the issue for these tenants; the recipients are by subscription id."""
    notice = Notice(
        kind=issue.classification, service=issue.service_id, severity=issue.severity, event=event
    )
    return plan_told(notice, tenants, provider=issue.provider, now=now)


def plan_told(
    notice: Notice, tenants: BitMap, *, provider: Organisation, now: datetime
) -> tuple[SendPlan, dict[int, Recipient]]:
    """Plan one thing that a provider tells these tenants."""
    recipients = recipients_among(tenants, provider=provider, now=now)
    wanted = (recipient.wanted for recipient in recipients.values())
    return make_plan(notice, tenants, wanted), recipients


def preview_plan(*, issue: Issue, audience_tenants: BitMap, now: datetime) -> PlanView:
    """What publishing or updating the issue now would send, and to whom. Stores nothing."""
    event = Event.UPDATED if issue.stage == "published" else Event.PUBLISHED
    plan, recipients = plan_for(issue, audience_tenants, event=event, now=now)
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
            )
            for send in shown
        ],
        skips=plan.skipped_by_reason(),
        nobody_subscribed=len(audience_tenants) - len(told),
    )
