"""What a person starts by hand: a test message, another try of what failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from standfast.apps.delivery.models import Delivery, IssueWish, Notice, Subscription
from standfast.apps.delivery.models.subscription import unconfirmed
from standfast.apps.delivery.services.taking_back import lost_access
from standfast.apps.delivery.services.writing import DeliveryDraft, write_deliveries
from standfast.apps.incidents.models import Issue
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record
from standfast.engine.routing.keys import idempotency_key
from standfast.engine.routing.notice import Wish

TEST_EVERY = timedelta(seconds=30)


@transaction.atomic
def send_test(*, subscription: Subscription, by: Actor, now: datetime) -> Delivery:
    """Queue a test message for a subscription. Raises Refused when it is paused or too soon."""
    if not subscription.is_active:
        raise Refused("subscription", _("Resume the subscription first; it is told nothing now."))
    if subscription.is_unconfirmed:
        raise Refused("subscription", _("Its address has to be confirmed first."))
    tests = Delivery.objects.filter(subscription=subscription, notice__kind="test")
    if tests.filter(notice__created_at__gt=now - TEST_EVERY).exists():
        raise Refused("subscription", _("A test message was just sent; wait half a minute."))
    notice = Notice.objects.create(kind="test", created_at=now, planned_at=now)
    draft = DeliveryDraft(
        subscription_id=subscription.pk,
        user_id=None,
        channel=subscription.channel,
        address=subscription.address,
        language=subscription.language,
        reason="test",
        key=idempotency_key(f"n{notice.pk}", subscription.pk, subscription.channel),
    )
    write_deliveries(notice=notice, drafts=[draft], now=now)
    record(
        by=by,
        organisation=subscription.organisation,
        action="subscription.tested",
        kind="subscription",
        key=subscription.pk,
        now=now,
    )
    return Delivery.objects.get(idempotency_key=draft.key)


@transaction.atomic
def retry_failed(
    *,
    provider: Organisation,
    by: Actor,
    now: datetime,
    issue: Issue | None = None,
    delivery: Delivery | None = None,
) -> int:
    """Try failed deliveries again, with all their tries before them: one, or those of an issue.

    They go to the address that the subscription has by now. Those of stopped subscriptions, of
    addresses whose owner has not agreed, and of who has muted the issue or lost the access, stay
    failed. Returns how many are tried.
    """
    rows = Delivery.objects.filter(state="failed", notice__provider=provider)
    if issue is not None:
        rows = rows.filter(notice__issue=issue)
    if delivery is not None:
        rows = rows.filter(pk=delivery.pk)
    failed = list(_wanted(rows).only("id", "subscription_id", "user_id"))
    lost = lost_access(failed, now=now)
    ids = [each.pk for each in failed if each.pk not in lost]
    count = Delivery.objects.filter(pk__in=ids, state="failed").update(
        state="pending", attempts_made=0, next_attempt_at=now
    )
    if count:
        record(
            by=by,
            organisation=provider,
            action="delivery.retried",
            kind="issue" if issue else "delivery",
            key=issue.reference if issue else delivery.pk if delivery else "all",
            now=now,
            deliveries=count,
        )
    return count


def _wanted(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Without those whose recipient is told nothing, or nothing of this issue."""
    muted = IssueWish.objects.filter(
        user=OuterRef("subscription__user"), issue=OuterRef("notice__issue"), wish=Wish.MUTE
    )
    return rows.exclude(
        Q(subscription__is_active=False) | unconfirmed("subscription__") | Q(Exists(muted))
    )
