"""A notice (what is told), its deliveries (to whom, over what), and every attempt."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from standfast.apps.delivery.models.subscription import Subscription, shown_address
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.messagecenter.models import MessageUpdate
from standfast.apps.tenancy.models import Organisation, OutboxEvent


class Notice(models.Model):
    """One thing to tell: a post to its audience, or a warning to the provider's own people.

    `kind` is post, closing, due_soon, overdue, detected, test, digest, or a planner's own. One
    outbox row makes at most one notice of a kind, so handling the row twice tells nobody twice.
    `about` names what is no issue, such as “maintenance:17”; `provider` is whose log it is in.
    `told` is what the send plan was made of, for judging again when a fallback starts.
    """

    kind = models.CharField(max_length=20)
    event = models.ForeignKey(OutboxEvent, on_delete=models.SET_NULL, null=True, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, related_name="notices")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="notices")
    message_update = models.ForeignKey(
        MessageUpdate, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    provider = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="notices"
    )
    about = models.CharField(max_length=60, blank=True, db_index=True)
    created_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True, blank=True)
    told = models.JSONField(default=dict)
    skipped = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "kind"],
                condition=Q(event__isnull=False),
                name="one_notice_per_event_and_kind",
            )
        ]


class Delivery(models.Model):
    """One notice to one address. `state` goes pending → claimed → sent | failed | cancelled.

    Before that it may be standby (for when `fallback_of` does not arrive), and held (until
    `held_until`: quiet hours, a digest, a burst). It ends as merged when the message `covered_by`
    tells it, as spared when nobody needed it. `because` holds the plan's remarks; `receipt` is the
    remote id, `confirmed_at` when the recipient was seen to know.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.SET_NULL, null=True, related_name="deliveries"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=500)
    language = models.CharField(max_length=10, default="en")
    reason = models.CharField(max_length=60)
    idempotency_key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, default="pending")
    attempts_made = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=60, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    because = models.JSONField(default=dict)
    held_until = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    covered_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="covers"
    )
    fallback_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="fallbacks"
    )
    receipt = models.CharField(max_length=500, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=["pending", "claimed"]),
                name="deliveries_open",
            ),
            models.Index(F("notice"), F("state"), name="deliveries_by_notice"),
            models.Index(
                fields=["held_until", "id"], condition=Q(state="held"), name="deliveries_held"
            ),
            models.Index(fields=["id"], condition=Q(state="standby"), name="deliveries_standby"),
            models.Index(
                fields=["fallback_of"],
                condition=Q(state="held", fallback_of__isnull=False),
                name="deliveries_held_fallbacks",
            ),
        ]

    @property
    def shown_address(self) -> str:
        """The address as the provider's people see it."""
        return shown_address(self.address)


class NotTold(models.Model):
    """One subscription that a notice was not sent to, and why: the other half of the proof."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="not_told")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="not_told"
    )
    reason = models.CharField(max_length=40)
    because = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "subscription"], name="one_reason_per_notice_and_subscription"
            )
        ]


class Attempt(models.Model):
    """One try of a delivery: when, how long it took, and what came of it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    detail = models.CharField(max_length=500, blank=True)
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]
