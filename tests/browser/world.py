"""The cast of the story, in an empty database. Run in a process of its own: it prints what it made.

python -m tests.browser.world HOOK_ADDRESS

Asterholm has 214 of its users on MBX-0173 and the others far away; 貝嶼 is on the database next to
it, on the same server; Corvane is on another server of the same region.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

TOKEN = "sfi_the-story-s-own-token"
PROVIDER = "northlight"
INSIDE, BESIDE, OUTSIDE = "asterholm", "beiyu", "corvane"
COMMUNICATOR = "communicator@northlight.example"


def admin_of(slug: str) -> str:
    """The address of the tenant's administrator."""
    return f"admin@{slug}.example"


def mailbox_of(slug: str) -> str:
    """The shared mailbox of the tenant that is told of everything."""
    return f"it@{slug}.example"


def store(hook: str) -> dict[str, Any]:
    """Store everything; `hook` is the address of the first tenant's webhook."""
    from standfast.apps.catalog.index import refresh_index
    from standfast.apps.delivery.services.subscriptions import create_subscription
    from standfast.apps.delivery.services.wishes import Wish
    from standfast.apps.ingest.models import AlertSource
    from standfast.apps.ingest.services.rules import RuleFields, save_rule
    from standfast.apps.ingest.services.sources import credential_hash
    from tests.factories import (
        NOW,
        SYSTEM,
        make_component,
        make_feature,
        make_member,
        make_placement,
        make_provider,
        make_service,
        make_tenant,
        make_user,
    )

    provider = make_provider(PROVIDER, name="Northlight")
    person = make_user(COMMUNICATOR, name="Lin Shu-ching")
    make_member(provider, "owner", user=person)
    mail = make_service(provider, "mail", name="Mail", issue_prefix="ML", owner=person)
    mail.name = {"en": "Mail", "zh-hant": "電子郵件"}
    mail.save()
    make_feature(mail, "mailbox-access", name="Mailbox access")
    files = make_service(provider, "files", name="Files", issue_prefix="FL")
    below = make_component(provider, "ASIA", kind="region", name="Asia")
    for key, kind in (("ASIA-A", "datacenter"), ("MXF-01", "forest")):
        below = make_component(provider, key, kind=kind, below=below)
    server, other = (
        make_component(provider, key, kind="server", below=below) for key in ("MXS-01", "MXS-02")
    )
    first, second = (
        make_component(provider, key, kind="database", name=name, below=server)
        for key, name in (("MBX-0173", "Mailboxes of the harbour"), ("MBX-0174", "貝嶼的信箱"))
    )
    far = make_component(provider, "MBX-0200", kind="database", below=other)
    tenants = {
        slug: make_tenant(slug, name=name)
        for slug, name in ((INSIDE, "Asterholm Foods"), (BESIDE, "貝嶼航運"), (OUTSIDE, "Corvane"))
    }
    make_placement(tenants[INSIDE], first, mail, 214)
    make_placement(tenants[INSIDE], far, mail, 4_986)
    make_placement(tenants[INSIDE], far, files, 5_200)
    make_placement(tenants[BESIDE], second, mail, 70)
    make_placement(tenants[OUTSIDE], far, mail, 30)
    secrets: dict[str, str] = {}
    for slug, tenant in tenants.items():
        make_member(tenant, "admin", user=make_user(admin_of(slug), name=f"Admin {slug}"))
        wishes = [Wish("email", mailbox_of(slug), language="zh-hant" if slug == BESIDE else "en")]
        if slug == INSIDE:
            wishes.append(Wish("webhook", hook))
        for wish in wishes:
            _row, secret = create_subscription(
                organisation=tenant, user=None, wish=wish, by=SYSTEM, now=NOW
            )
            secrets[wish.channel] = secret
    source = AlertSource.objects.create(
        provider=provider,
        key="prometheus",
        name="Prometheus",
        token_hash=credential_hash(TOKEN),
        created_at=NOW,
    )
    save_rule(
        source=source,
        rule=None,
        fields=RuleFields(
            name="Mailbox databases",
            service="mail",
            matchers=[["mailbox_database", "=~", "MBX-[0-9]+"]],
            component="{mailbox_database}",
            feature="mailbox-access",
            title={"en": "{mailbox_database} is down", "zh-hant": "{mailbox_database} 停止運作"},
            status="serviceDegradation",
        ),
        by=SYSTEM,
        now=NOW,
    )
    refresh_index()
    return {"secret": secrets["webhook"]}


def main() -> None:
    """Make the tables, store the cast, print the facts that only this process knows."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    json.dump(store(sys.argv[1]), sys.stdout)


if __name__ == "__main__":
    django.setup()
    main()
