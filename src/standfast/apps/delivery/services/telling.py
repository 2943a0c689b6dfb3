"""Carrying out a send plan: one notice and its deliveries, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pyroaring import BitMap

from standfast.apps.delivery.models import Notice
from standfast.apps.delivery.queries.plans import plan_told
from standfast.apps.delivery.queries.recipients import Recipient
from standfast.apps.delivery.services.writing import DeliveryDraft, write_deliveries
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.tenancy.models import Organisation, OutboxEvent
from standfast.engine.routing.keys import idempotency_key
from standfast.engine.routing.notice import Notice as Told
from standfast.engine.routing.plan import SendPlan


@dataclass(frozen=True, slots=True)
class Telling:
    """What a planner wants told: `told` to the subscribers of `tenants` (numbers).

    `kind` chooses the templates (`rendering.contents`). `key` begins the idempotency keys and must
    differ for any two things told: the post's id, “m17v2” for the second version of message 17.
    `about` names what is no issue, such as “maintenance:17”.
    """

    kind: str
    provider: Organisation
    told: Told
    tenants: BitMap
    key: int | str
    event: OutboxEvent | None = None
    issue: Issue | None = None
    post: Post | None = None
    about: str = ""


def tell_subscribers(telling: Telling, *, now: datetime) -> Notice:
    """Plan it and store the plan: who is told, and how many are not, with why."""
    tenants = telling.tenants
    plan, recipients = plan_told(telling.told, tenants, provider=telling.provider, now=now)
    notice = Notice.objects.create(
        kind=telling.kind,
        event=telling.event,
        issue=telling.issue,
        post=telling.post,
        provider=telling.provider,
        about=telling.about,
        created_at=now,
        planned_at=now,
        skipped=plan.skipped_by_reason() | {"nobody_subscribed": _untold(plan, len(tenants))},
    )
    write_deliveries(notice=notice, drafts=_drafts(plan, recipients, telling.key), now=now)
    return notice


def _untold(plan: SendPlan, audience: int) -> int:
    """How many tenants of the audience nobody is told for."""
    return audience - len({tenant for send in plan.sends for tenant in send.tenants})


def _drafts(
    plan: SendPlan, recipients: dict[int, Recipient], key: int | str
) -> list[DeliveryDraft]:
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
                key=idempotency_key(key, subscription.id, send.channel),
            )
        )
    return drafts
