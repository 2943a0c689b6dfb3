"""Deliveries as messages of their channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from standfast.apps.delivery import links
from standfast.apps.delivery.models import Delivery, Subscription
from standfast.apps.delivery.rendering.contents import content_of
from standfast.apps.delivery.rendering.payload import fields_of, payload_of
from standfast.apps.delivery.rendering.personal import personal_of
from standfast.apps.tenancy.sealing import unseal
from standfast.channels.contract import Content, Message, TemporaryFailure
from standfast.channels.details import AFTER_THE_ONE_BEFORE
from standfast.channels.registry import get_channel


class Composer:
    """Makes messages; what recipients share is rendered once per notice and language."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._contents: dict[tuple[int, str], Content] = {}
        self._payloads: dict[tuple[int, bool], Content] = {}

    def message(self, delivery: Delivery) -> Message:
        """One message. Raises CannotUnseal when the subscription's secret cannot be read.

        Raises TemporaryFailure while the one that it would answer waits for another try.
        """
        channel = get_channel(delivery.channel)
        for_programs = channel.signed
        subscription = delivery.subscription
        personal: Mapping[str, str] = {} if for_programs else personal_of(delivery)
        return Message(
            idempotency_key=delivery.idempotency_key,
            address=delivery.address,
            content=self._for_program(delivery) if for_programs else self._for_people(delivery),
            personal=personal,
            fields=fields_of(delivery) if for_programs else {},
            unsubscribe_url=links.unsubscribe(subscription) if subscription else "",
            secrets=signing_secrets(subscription, now=self._now) if subscription else (),
            reply_to=_said_before(delivery) if channel.threaded else "",
        )

    def _for_people(self, delivery: Delivery) -> Content:
        key = (delivery.notice_id, delivery.language)
        if key not in self._contents:
            self._contents[key] = content_of(delivery.notice, delivery.language)
        return self._contents[key]

    def _for_program(self, delivery: Delivery) -> Content:
        key = (delivery.notice_id, delivery.subscription_id is not None)
        if key not in self._payloads:
            payload = payload_of(delivery.notice, to_subscription=key[1])
            self._payloads[key] = Content(subject="", text="", payload=payload)
        return self._payloads[key]


def _said_before(delivery: Delivery) -> str:
    """The receipt of the last message to the same address about the same issue.

    Raises TemporaryFailure while an earlier one waits for another try: none may overtake it.
    """
    if delivery.notice.issue_id is None:
        return ""
    of_thread = Delivery.objects.filter(
        subscription=delivery.subscription_id, notice__issue=delivery.notice.issue_id
    )
    if of_thread.filter(pk__lt=delivery.pk, state="pending", attempts_made__gt=0).exists():
        raise TemporaryFailure(AFTER_THE_ONE_BEFORE)
    before = of_thread.filter(state="sent").exclude(receipt="")
    return before.order_by("-id").values_list("receipt", flat=True).first() or ""


def signing_secrets(subscription: Subscription, *, now: datetime) -> tuple[str, ...]:
    """The secrets that sign now, newest first: two during a rotation."""
    sealed = [subscription.secret]
    until = subscription.secret_before_until
    if until is not None and until > now:
        sealed.append(subscription.secret_before)
    return tuple(unseal(each) for each in sealed if each)
