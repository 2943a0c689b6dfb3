"""Run in a process of its own: an issue, in an empty database, that 2,000 subscriptions hear of.

python -m tests.scenarios.seed_deliveries HTTP_ADDRESS    makes it
python -m tests.scenarios.seed_deliveries                 prints how many are in which state
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import django

TENANTS = 100
OF_EACH_CHANNEL = 10
DELIVERIES = TENANTS * OF_EACH_CHANNEL * 2


def seed(hooks: str) -> None:
    from django.core.management import call_command

    from standfast.apps.delivery.models import Subscription
    from standfast.apps.incidents.services.drafting import create_draft
    from standfast.apps.incidents.services.publishing import publish
    from tests.factories import (
        SYSTEM,
        make_component,
        make_placement,
        make_provider,
        make_service,
        make_tenant,
    )
    from tests.factories_incidents import BODY, fields_for, on

    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC)
    provider = make_provider()
    service = make_service(provider)
    component = make_component(provider)
    tenants = [make_tenant() for _ in range(TENANTS)]
    for tenant in tenants:
        make_placement(tenant, component, service)

    def subscriptions() -> Iterator[Subscription]:
        from standfast.apps.tenancy.sealing import seal
        from standfast.channels.webhook.signing import make_secret

        secret = seal(make_secret(b"for the tests: 32 random bytes.."))
        for tenant in tenants:
            for number in range(OF_EACH_CHANNEL):
                name = f"{tenant.slug}-{number}"
                for channel, address in (
                    ("email", f"{name}@tenant.example"),
                    ("webhook", f"{hooks}{name}"),
                ):
                    yield Subscription(
                        organisation=tenant,
                        channel=channel,
                        address=address,
                        kinds=["incident"],
                        secret=secret if channel == "webhook" else "",
                        unsubscribe_key=f"{channel}-{name}",
                        created_at=now,
                    )

    Subscription.objects.bulk_create(subscriptions(), batch_size=500)
    draft = create_draft(
        provider=provider, fields=fields_for(service), scope=on(component), by=SYSTEM, now=now
    )
    publish(issue=draft, version=None, body=BODY, by=SYSTEM, now=now)


def report() -> None:
    from django.db.models import Count

    from standfast.apps.delivery.models import Attempt, Delivery

    states = Delivery.objects.order_by().values_list("state").annotate(Count("id"))
    json.dump({**dict(states), "attempts": Attempt.objects.count()}, sys.stdout)


if __name__ == "__main__":
    django.setup()
    if len(sys.argv) > 1:
        seed(sys.argv[1])
    else:
        report()
