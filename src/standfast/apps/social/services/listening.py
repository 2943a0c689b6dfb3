"""Reading what people write to the accounts: politely, each mention once, nothing missed."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from standfast.apps.delivery.outgoing import open_listener
from standfast.apps.social.models import Mention, SocialAccount
from standfast.apps.tenancy.sealing import CannotUnseal, unseal
from standfast.channels.contract import Heard, PermanentFailure, TemporaryFailure

EVERY = timedelta(minutes=1)
#: After failures the pause doubles, up to this.
LONGEST_PAUSE = timedelta(hours=1)
#: How long one look may take before another worker may look.
LEASE = timedelta(minutes=2)
#: Of the time before an account was added, this much is read.
BEFORE = timedelta(days=1)
#: What was put aside or answered, and is about no issue, is forgotten after this.
KEPT = timedelta(days=90)


def listen_due(*, now: datetime) -> int:
    """Look at one account whose turn it is. Returns how many mentions are new."""
    account = _claim(now)
    if account is None:
        return 0
    try:
        heard = _hear(account)
    except (PermanentFailure, TemporaryFailure, CannotUnseal) as failure:
        _failed(account, failure, now)
        return 0
    return _keep(account, heard, now)


def forget_old(*, now: datetime) -> int:
    """Remove mentions that nobody needs any more. Returns how many."""
    old = Mention.objects.filter(
        state="closed", issue__isnull=True, received_at__lt=now - KEPT
    ).exclude(answer_state="pending")
    return old.delete()[0]


def _claim(now: datetime) -> SocialAccount | None:
    for pk in list(_due(now).values_list("pk", flat=True)[:5]):
        # By its turn again: another worker may have taken it meanwhile.
        if _due(now).filter(pk=pk).update(next_listen_at=now + LEASE):
            return SocialAccount.objects.select_related("subscription").get(pk=pk)
    return None


def _due(now: datetime) -> QuerySet[SocialAccount]:
    rows = SocialAccount.objects.filter(listens=True, subscription__is_active=True)
    return rows.filter(Q(next_listen_at__lte=now) | Q(next_listen_at__isnull=True)).order_by("pk")


def _hear(account: SocialAccount) -> list[Heard]:
    subscription = account.subscription
    listener = open_listener(subscription.channel)
    if listener is None:
        return []
    secret = unseal(subscription.secret)

    async def hear() -> list[Heard]:
        try:
            return await listener.hear(subscription.address, secret, since=account.since)
        finally:
            await listener.close()

    return asyncio.run(hear())


@transaction.atomic
def _keep(account: SocialAccount, heard: list[Heard], now: datetime) -> int:
    earliest = account.subscription.created_at - BEFORE
    fresh = [each for each in heard if each.at >= earliest]
    before = Mention.objects.filter(account=account).count()
    Mention.objects.bulk_create(
        [
            Mention(
                account=account,
                number=each.number,
                receipt=each.receipt,
                author=each.author,
                text=each.text,
                url=each.url,
                language=each.language,
                written_at=each.at,
                received_at=now,
            )
            for each in fresh
        ],
        ignore_conflicts=True,
    )
    SocialAccount.objects.filter(pk=account.pk).update(
        since=heard[-1].number if heard else account.since,
        listened_at=now,
        next_listen_at=now + EVERY,
        listen_failures=0,
        listen_error="",
    )
    return Mention.objects.filter(account=account).count() - before


def _failed(
    account: SocialAccount,
    failure: PermanentFailure | TemporaryFailure | CannotUnseal,
    now: datetime,
) -> None:
    failures = min(account.listen_failures + 1, 30)
    pause = min(EVERY * 2.0 ** min(failures, 10), LONGEST_PAUSE)
    if isinstance(failure, TemporaryFailure) and failure.retry_after:
        pause = max(pause, failure.retry_after)
    detail = str(failure) if isinstance(failure, CannotUnseal) else failure.detail
    SocialAccount.objects.filter(pk=account.pk).update(
        next_listen_at=now + pause, listen_failures=failures, listen_error=detail[:500]
    )
