"""A tenant's dashboard under load: Django's page for a signed-in tenant, one core for the server.

1,000 open and 10,000 past issues, 100,000 tenants; audiences from one tenant to all of them. Asks
for the page over keep-alive connections as many tenants, and counts the queries of one page.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.system import (
    SESSION_COOKIE,
    children_of,
    fresh_system,
    peak_memory_mb,
    served,
)
from standfast.cli.listening import free_port

CONNECTIONS = 16
FEW, MANY = 64, 3_000
TARGET = 300


def build(
    tenants: int, open_issues: int, past_issues: int, signed_in: int
) -> list[tuple[str, str]]:
    """Fill the system; returns (slug, session key) of some tenants' administrators."""
    import numpy as np
    from pyroaring import BitMap

    from standfast.apps.catalog.models import Service, ServiceSubscription
    from standfast.apps.incidents.models import AudienceVersion, Issue, Post
    from standfast.apps.tenancy.models import Organisation
    from standfast.engine.targeting import StoredAudience, pack_audience

    now = datetime.now(UTC)
    random = np.random.default_rng(7)
    provider = Organisation.objects.create(
        slug="provider", name="Provider", is_provider=True, created_at=now
    )
    services = Service.objects.bulk_create(
        Service(provider=provider, key=f"s{each}", name={"en": f"Service {each}"}, position=each)
        for each in range(9)
    )
    organisations = Organisation.objects.bulk_create(
        (
            Organisation(
                slug=f"t{each}", name=f"Tenant {each}", is_tenant=True, number=each, created_at=now
            )
            for each in range(tenants)
        ),
        batch_size=5_000,
    )
    ServiceSubscription.objects.bulk_create(
        (
            ServiceSubscription(tenant=tenant, service=service, seats=100, since=now)
            for tenant in organisations
            for service in services[: 3 + tenant.pk % 7]
        ),
        batch_size=5_000,
    )
    sizes = np.minimum(tenants, (random.pareto(0.6, open_issues + past_issues) * 20 + 1)).astype(
        int
    )
    for place, size in enumerate(sizes):
        is_open = place < open_issues
        start = now - timedelta(hours=float(random.uniform(0.5, 48 if is_open else 24 * 29)))
        issue = Issue.objects.create(
            provider=provider,
            reference=f"SF{place}",
            service=services[place % 9],
            stage="published" if is_open else "resolved",
            status="serviceDegradation" if is_open else "serviceRestored",
            classification="incident" if place % 3 else "advisory",
            title={"en": f"Some people cannot open part {place}"},
            user_impact={"en": "People may see an error when they open it."},
            start_at=start,
            end_at=None if is_open else start + timedelta(hours=1),
            published_at=start,
            modified_at=start,
            next_update_by=now + timedelta(minutes=30) if is_open else None,
        )
        members = BitMap(random.choice(tenants, size=size, replace=False))
        users = np.full(len(members), 12, dtype=np.int64)
        issue.audience = AudienceVersion.objects.create(
            issue=issue,
            number=1,
            at=start,
            actor="bench",
            tenants=members.serialize(),
            packed=pack_audience(StoredAudience(members, users)),
            tenant_count=size,
            user_count=size * 12,
        )
        issue.save(update_fields=["audience"])
        Post.objects.create(
            issue=issue,
            number=1,
            body={"en": "We are looking into it."},
            status=issue.status,
            audience=issue.audience,
            created_at=start,
            actor="bench",
        )
    return [
        _signed_in(organisations[each * (tenants // signed_in)], now) for each in range(signed_in)
    ]


def _signed_in(tenant: object, now: datetime) -> tuple[str, str]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from standfast.apps.tenancy.models import Member, Organisation, User

    assert isinstance(tenant, Organisation)
    user = User.objects.create_user(f"admin@{tenant.slug}.example")
    Member.objects.create(user=user, organisation=tenant, role="admin", created_at=now)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    assert session.session_key
    return tenant.slug, session.session_key


def count_queries(slug: str, session: str) -> int:
    """The queries of one page, in a warm process."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    client.get(f"/portal/{slug}/")
    time.sleep(0.3)  # the next look at the outbox counts too
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/portal/{slug}/")
    assert response.status_code == 200, response.status_code
    return len(queries)


async def load(port: int, people: list[tuple[str, str]], seconds: float) -> tuple[float, float]:
    """Requests a second and the 99th percentile in milliseconds, over keep-alive connections."""
    latencies: list[float] = []
    stop = time.monotonic() + seconds

    async def reader(place: int) -> None:
        incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < stop:
            slug, session = people[place % len(people)]
            place += CONNECTIONS
            began = time.monotonic()
            outgoing.write(
                f"GET /portal/{slug}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"Cookie: {SESSION_COOKIE}={session}\r\n\r\n".encode()
            )
            head = await incoming.readuntil(b"\r\n\r\n")
            assert b" 200 " in head.split(b"\r\n")[0], head
            await _skip_body(incoming, head)
            latencies.append(time.monotonic() - began)
        outgoing.close()

    await asyncio.gather(*(reader(place) for place in range(CONNECTIONS)))
    latencies.sort()
    return len(latencies) / seconds, latencies[int(len(latencies) * 0.99)] * 1_000


async def _skip_body(incoming: asyncio.StreamReader, head: bytes) -> None:
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        while size := int(await incoming.readline(), 16):
            await incoming.readexactly(size + 2)
        await incoming.readexactly(2)
    else:
        length = lower.split(b"content-length:")[1].split(b"\r\n")[0]
        await incoming.readexactly(int(length))


def main() -> int:
    """Print the table; exit code 1 below the target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tenants", type=int, default=100_000)
    options.add_argument("--open", type=int, default=1_000)
    options.add_argument("--past", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=10)
    chosen = options.parse_args()
    with fresh_system():
        from django.db import transaction

        began = time.monotonic()
        with transaction.atomic():
            people = build(chosen.tenants, chosen.open, chosen.past, signed_in=MANY)
        print(f"(filled in {time.monotonic() - began:.0f} s)", flush=True)
        queries = count_queries(*people[0])
        port = free_port()
        server = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        server += ["--workers", "1", "--blocking-threads", "2", "--no-log"]
        server += ["standfast.config.wsgi:application"]
        with served(server, port) as process:
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
            asyncio.run(load(port, people[:FEW], 3))
            _pin(process.pid)
            rows = [
                (
                    f"{FEW} tenants, again and again",
                    *asyncio.run(load(port, people[:FEW], chosen.seconds)),
                ),
                (f"{MANY:,} tenants in turn", *asyncio.run(load(port, people, chosen.seconds))),
            ]
            memory = peak_memory_mb(process)
    print(f"{chosen.tenants:,} tenants, {chosen.open:,} open and {chosen.past:,} past issues.\n")
    print("| who looks | requests/s, one core | p99 ms |")
    print("|---|--:|--:|")
    for who, rate, slowest in rows:
        print(f"| {who} | {rate:.0f} (target {TARGET}) | {slowest:.0f} |")
    print(f"\n{queries} queries a page (target: at most 8); peak {memory or 0:.0f} MB.")
    return int(min(rate for _, rate, _ in rows) < TARGET or queries > 8)


def _pin(pid: int) -> None:
    """Keep the server and its threads on one core, the load on another."""
    if not hasattr(os, "sched_setaffinity"):
        return
    for each in [pid, *children_of(pid)]:
        for task in Path(f"/proc/{each}/task").iterdir():
            os.sched_setaffinity(int(task.name), {0})


if __name__ == "__main__":
    sys.exit(main())
