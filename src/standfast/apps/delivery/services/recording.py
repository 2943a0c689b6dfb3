"""What came of each try, in one transaction for a whole chunk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from standfast.apps.delivery.models import Attempt, Delivery, Subscription
from standfast.apps.delivery.queries.wording import detail_in_words
from standfast.apps.delivery.retries import next_wait
from standfast.apps.delivery.services.inserting import insert_rows
from standfast.apps.delivery.services.subscriptions import cancel_waiting
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.services.audit import record
from standfast.channels.contract import Outcome
from standfast.channels.details import answer_of_gone

# So many deliveries in a row that were refused for good end a subscription, even if no answer said
# that the address is dead.
REFUSALS_IN_A_ROW = 5
Tried = Sequence[tuple[Delivery, Outcome]]


@transaction.atomic
def record_outcomes(
    *, tried: Tried, worker: str, now: datetime, chance: Callable[[], float]
) -> None:
    """Store one attempt for each try and move the deliveries on. `chance` spreads the retries."""
    insert_rows(
        Attempt,
        ("delivery_id", "at", "outcome", "detail", "duration_ms"),
        (
            (
                *(delivery.pk, now, outcome.result, outcome.detail[:500]),
                int(outcome.duration.total_seconds() * 1000),
            )
            for delivery, outcome in tried
        ),
    )
    _sent([delivery for delivery, outcome in tried if outcome.result == "sent"], now)
    _keep_receipts(tried)
    failed = [(delivery, outcome) for delivery, outcome in tried if outcome.result != "sent"]
    for delivery, outcome in failed:
        _failed(delivery, outcome, worker, now, chance())
    for delivery, outcome in failed:
        if outcome.result == "permanent" and delivery.subscription is not None:
            _judge(delivery.subscription, delivery.address, outcome, now)


def _sent(deliveries: list[Delivery], now: datetime) -> None:
    # Whoever claimed it meanwhile: it has been sent, and must not be sent again.
    rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries])
    rows.update(
        state="sent",
        sent_at=now,
        attempts_made=F("attempts_made") + 1,
        next_attempt_at=None,
        claimed_until=None,
        last_error="",
    )
    subscriptions = {each.subscription_id for each in deliveries if each.subscription_id}
    Subscription.objects.filter(pk__in=subscriptions).update(last_success_at=now)


def _keep_receipts(tried: Tried) -> None:
    """What the receivers call the messages; few channels say so, and those send little."""
    for delivery, outcome in tried:
        if outcome.receipt:
            Delivery.objects.filter(pk=delivery.pk).update(receipt=outcome.receipt[:500])


def _failed(
    delivery: Delivery, outcome: Outcome, worker: str, now: datetime, chance: float
) -> None:
    made = delivery.attempts_made + 1
    wait = (
        next_wait(made, chance=chance, retry_after=outcome.retry_after)
        if outcome.result == "temporary"
        else None
    )
    mine = Delivery.objects.filter(pk=delivery.pk, claimed_by=worker, state="claimed")
    mine.update(
        state="failed" if wait is None else "pending",
        attempts_made=made,
        next_attempt_at=None if wait is None else now + wait,
        claimed_by="",
        claimed_until=None,
        last_error=outcome.detail[:500],
    )


def _judge(subscription: Subscription, address: str, outcome: Outcome, now: datetime) -> None:
    """Stop a subscription whose address is dead, and say why where its owner sees it.

    An answer about an address that it has no more (corrected, or renewed by the browser meanwhile)
    says nothing about the present one.
    """
    with translation.override(subscription.language):
        detail = outcome.detail
        if outcome.gone:
            why = _("The address is gone: %(answer)s")
            detail = answer_of_gone(outcome.detail)
        elif _refused_in_a_row(subscription, address):
            why = _("Several messages in a row were refused, last with: %(answer)s")
        else:
            return
        why %= {"answer": detail_in_words(detail)}
    stopped = Subscription.objects.filter(pk=subscription.pk, is_active=True, address=address)
    if not stopped.update(is_active=False, stopped_because=why[:300]):
        return
    cancel_waiting(subscription.pk)
    record(
        by=Actor.system("delivery"),
        organisation=subscription.organisation,
        action="subscription.stopped",
        kind="subscription",
        key=subscription.pk,
        now=now,
        why=why[:300],
    )


def _refused_in_a_row(subscription: Subscription, address: str) -> bool:
    ended = Delivery.objects.filter(
        subscription=subscription, address=address, state__in=["sent", "failed"]
    )
    last = ended.order_by("-id").values_list("state", flat=True)[:REFUSALS_IN_A_ROW]
    return list(last) == ["failed"] * REFUSALS_IN_A_ROW
