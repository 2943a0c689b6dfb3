"""Who wants to be told over what, and what they have been told of the open issues."""

from __future__ import annotations

import random
import secrets
from datetime import timedelta

from django.db.models import OuterRef, Subquery

from standfast.apps.delivery.models import Attempt, Delivery, Subscription
from standfast.apps.delivery.services.fallbacks import start_fallbacks
from standfast.apps.delivery.services.holding import release_held
from standfast.apps.delivery.services.planning import plan_event
from standfast.apps.delivery.services.subscriptions import (
    create_subscription,
    pause_subscription,
)
from standfast.apps.delivery.services.wishes import Wish
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import OutboxEvent
from standfast.cli.demo.seeding.choices import KINDS
from standfast.cli.demo.seeding.stored import Stored

SUBSCRIBED = timedelta(days=180)
RECENT = timedelta(days=3)
TEAM_MAILBOXES = 0.55  # share of tenants with a mailbox that gets everything


def store_subscriptions(stored: Stored, chance: random.Random) -> None:
    """Team mailboxes of many tenants in bulk; those of the demo's people through the service."""
    at = stored.now - SUBSCRIBED
    chosen = [each for each in stored.tenants.values() if chance.random() < TEAM_MAILBOXES]
    Subscription.objects.bulk_create(
        [
            Subscription(
                organisation=tenant,
                channel="email",
                address=f"it-service@{tenant.slug}.example",
                kinds=["incident", "advisory"],
                language=tenant.language,
                unsubscribe_key=secrets.token_urlsafe(32),
                created_at=at,
            )
            for tenant in chosen
        ]
    )
    for slug in ("harrowmere-foods", "chengxi-precision", "emberfell-clinics"):
        tenant, person = stored.tenants[slug], stored.people[f"admin@{slug}.example"]
        create_subscription(
            organisation=tenant,
            user=person,
            wish=Wish("email", person.email, kinds=KINDS, language=tenant.language),
            by=Actor.person(person),
            now=at,
        )
    create_subscription(
        organisation=stored.tenants["harrowmere-foods"],
        user=None,
        wish=Wish("webhook", "https://hooks.harrowmere-foods.example/standfast"),
        by=Actor.person(stored.people["admin@harrowmere-foods.example"]),
        now=at,
    )
    # An example that leads nowhere, so it is paused.
    admin = Actor.person(stored.people["admin@harrowmere-foods.example"])
    chat, _ = create_subscription(
        organisation=stored.tenants["harrowmere-foods"],
        user=None,
        wish=Wish("slack", "https://hooks.slack.com/services/T0DEMO/B0DEMO/not-a-real-hook"),
        by=admin,
        now=at,
    )
    pause_subscription(subscription=chat, by=admin, now=at)


def settle_outbox(stored: Stored) -> None:
    """Nothing of the past is sent on the first start.

    What is open now has its notices and deliveries, as sent when they were due; everything older
    is marked as handled.
    """
    recent = OutboxEvent.objects.filter(
        handled_at__isnull=True, created_at__gte=stored.now - RECENT, kind__startswith="issue."
    )
    for event_id, created_at in recent.values_list("pk", "created_at"):
        plan_event(event_id=event_id, now=created_at)
    OutboxEvent.objects.filter(handled_at__isnull=True).update(handled_at=stored.now)
    release_held(now=stored.now, size=10_000)
    sent = list(Delivery.objects.filter(state="pending").select_related("notice"))
    for delivery in sent:
        delivery.state, delivery.attempts_made, delivery.next_attempt_at = "sent", 1, None
        delivery.sent_at = delivery.notice.created_at + timedelta(seconds=1)
    Delivery.objects.bulk_update(
        sent, ["state", "attempts_made", "next_attempt_at", "sent_at"], batch_size=500
    )
    Attempt.objects.bulk_create(
        [
            Attempt(
                delivery=delivery,
                at=delivery.notice.created_at + timedelta(seconds=1),
                outcome="sent",
                duration_ms=40 + delivery.pk % 90,
            )
            for delivery in sent
        ],
        batch_size=1_000,
    )
    newest = Delivery.objects.filter(subscription=OuterRef("pk"), state="sent").order_by("-sent_at")
    Subscription.objects.update(last_success_at=Subquery(newest.values("sent_at")[:1]))
    for _link in range(3):  # of those who stand by for one another
        start_fallbacks(now=stored.now)
