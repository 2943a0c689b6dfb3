"""Posting the answers that people wrote, each once, with the tries that every message has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from standfast.apps.delivery.outgoing import open_channel
from standfast.apps.delivery.retries import next_wait
from standfast.apps.social.models import Mention
from standfast.apps.tenancy.sealing import CannotUnseal, unseal
from standfast.channels.contract import Brief, Content, Message, Outcome

#: How long one try may take before another worker may try.
LEASE = timedelta(minutes=2)


def send_answers(*, now: datetime, chance: Callable[[], float]) -> int:
    """Post one answer that is due. Returns how many were tried. A paused account posts nothing."""
    due = Mention.objects.filter(
        answer_state="pending", next_try_at__lte=now, account__subscription__is_active=True
    ).order_by("pk")
    pk = due.values_list("pk", flat=True).first()
    # By its turn again: another worker may have taken it meanwhile.
    if pk is None or not due.filter(pk=pk).order_by().update(next_try_at=now + LEASE):
        return 0
    mention = Mention.objects.select_related("account__subscription").get(pk=pk)
    _record(mention, _send(mention, now), now, chance())
    return 1


def _send(mention: Mention, now: datetime) -> Outcome:
    subscription = mention.account.subscription
    words = f"@{mention.author} {mention.answer}"
    try:
        secret = unseal(subscription.secret)
    except CannotUnseal as failure:
        return Outcome("temporary", str(failure))
    message = Message(
        # The same for every try, so that a service that knows it posts it once.
        idempotency_key=f"a{mention.pk}-{subscription.pk}-{subscription.channel}",
        address=subscription.address,
        content=Content(
            subject=words, text=words, language=subscription.language, brief=Brief(words)
        ),
        secrets=(secret,),
        reply_to=mention.receipt,
    )

    async def send() -> list[Outcome]:
        channel = open_channel(subscription.channel)
        try:
            return await channel.send_many([message], now=now)
        finally:
            await channel.close()

    return asyncio.run(send())[0]


def _record(mention: Mention, outcome: Outcome, now: datetime, chance: float) -> None:
    tries = mention.answer_tries + 1
    wait = next_wait(tries, chance=chance, retry_after=outcome.retry_after)
    again = outcome.result == "temporary" and wait is not None
    state = "sent" if outcome.result == "sent" else "pending" if again else "failed"
    Mention.objects.filter(pk=mention.pk).update(
        answer_state=state,
        answer_tries=tries,
        answer_error="" if state == "sent" else outcome.detail[:500],
        next_try_at=now + wait if again and wait else None,
    )
