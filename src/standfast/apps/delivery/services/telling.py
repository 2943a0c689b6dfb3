"""Carrying out a send plan: one notice and its deliveries, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyroaring import BitMap

from standfast.apps.delivery.models import Notice, NotTold
from standfast.apps.delivery.queries.plans import plan_told
from standfast.apps.delivery.queries.recipients import Recipient
from standfast.apps.delivery.services.holding import merge_held
from standfast.apps.delivery.services.writing import DeliveryDraft, write_deliveries
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.messagecenter.models import MessageUpdate
from standfast.apps.tenancy.models import Organisation, OutboxEvent
from standfast.engine.routing.entries import Action, Entry, SendPlan
from standfast.engine.routing.keys import idempotency_key
from standfast.engine.routing.notice import Notice as Told


@dataclass(frozen=True, slots=True)
class Telling:
    """What a planner wants told: `told` to the subscribers of `tenants` (numbers).

    `kind` chooses the templates (`rendering.contents`). `key` begins the idempotency keys and must
    differ for any two things told: the post's id, “m17v2” for the second version of message 17.
    `about` names what is no issue, such as “maintenance:17”. `tenants_alone`: the provider's own
    people and visitors have heard of it already.
    """

    kind: str
    provider: Organisation
    told: Told
    tenants: BitMap
    key: int | str
    event: OutboxEvent | None = None
    issue: Issue | None = None
    post: Post | None = None
    update: MessageUpdate | None = None
    about: str = ""
    tenants_alone: bool = False


def tell_subscribers(telling: Telling, *, now: datetime) -> Notice:
    """Plan it and store the plan: who is told when, who stands by, who is not told and why."""
    tenants = telling.tenants
    plan, recipients = plan_told(
        telling.told,
        tenants,
        provider=telling.provider,
        now=now,
        issue=telling.issue,
        tenants_alone=telling.tenants_alone,
    )
    notice = Notice.objects.create(
        kind=telling.kind,
        event=telling.event,
        issue=telling.issue,
        post=telling.post,
        message_update=telling.update,
        provider=telling.provider,
        about=telling.about,
        created_at=now,
        planned_at=now,
        told=telling.told.to_json(),
        skipped=plan.skipped_by_reason() | {"nobody_subscribed": _untold(plan, len(tenants))},
    )
    write_deliveries(notice=notice, drafts=_drafts(plan, recipients, telling.key), now=now)
    _write_not_told(notice, plan)
    merge_held(notice=notice)
    return notice


def _untold(plan: SendPlan, audience: int) -> int:
    """How many tenants of the audience nobody is told for."""
    return audience - len({tenant for send in plan.sends for tenant in send.tenants})


def _drafts(
    plan: SendPlan, recipients: dict[int, Recipient], key: int | str
) -> list[DeliveryDraft]:
    channels = {entry.subscription.id: entry.channel for entry in plan.entries}
    drafts = []
    for entry in plan.of(Action.SEND, Action.HOLD, Action.STAND_BY):
        subscription, first = entry.subscription, entry.instead_of
        drafts.append(
            DeliveryDraft(
                subscription_id=subscription.id,
                user_id=None,
                channel=entry.channel,
                address=recipients[subscription.id].address,
                language=subscription.language,
                reason=entry.reason.value,
                key=idempotency_key(key, subscription.id, entry.channel),
                because=because_of(entry),
                until=entry.until,
                stands_by_for=(
                    idempotency_key(key, first, channels[first]) if first is not None else ""
                ),
            )
        )
    return drafts


def because_of(entry: Entry) -> dict[str, Any]:
    """The plan's remarks as they are kept; nothing for the plain case, which is most of them."""
    kept: dict[str, Any] = {}
    if entry.remarks:
        kept["remarks"] = [remark.value for remark in entry.remarks]
    if entry.failing:
        kept["failing"] = sorted(entry.failing)
    return kept


def _write_not_told(notice: Notice, plan: SendPlan) -> None:
    rows = [
        NotTold(
            notice=notice,
            subscription_id=skip.subscription.id,
            reason=skip.reason.value,
            because={"instead": skip.instead_of} if skip.instead_of else {},
        )
        for skip in plan.skips
    ]
    NotTold.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
