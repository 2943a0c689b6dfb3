"""From publishing to visible: 1,000 open pages of the audience, one server process.

Counts from the call of `publish` to the arrival of the rendered card at the first, the median and
the last page. As many pages again belong to tenants outside the audience and must get nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta

from bench.system import fresh_system, served
from standfast.cli.listening import free_port

TARGET_SECONDS = 1.0


def build() -> tuple[int, int]:
    """A provider with one draft for tenants 0 to 499 of 1,000; returns its id and the draft's."""
    from standfast.apps.catalog.index import refresh_index
    from standfast.apps.catalog.models import Component, Placement, Service, ServiceSubscription
    from standfast.apps.incidents.services.drafting import create_draft
    from standfast.apps.incidents.services.fields import IssueFields
    from standfast.apps.tenancy.actor import Actor
    from standfast.apps.tenancy.models import Organisation
    from standfast.engine.targeting import Scope

    now = datetime.now(UTC)
    provider = Organisation.objects.create(
        slug="provider", name="Provider", is_provider=True, created_at=now
    )
    service = Service.objects.create(provider=provider, key="mail", name={"en": "Mail"})
    component = Component.objects.create(provider=provider, key="DB1", name="DB1", kind="database")
    other = Component.objects.create(provider=provider, key="DB2", name="DB2", kind="database")
    tenants = Organisation.objects.bulk_create(
        Organisation(slug=f"t{n}", name=f"Tenant {n}", is_tenant=True, number=n, created_at=now)
        for n in range(1_000)
    )
    ServiceSubscription.objects.bulk_create(
        ServiceSubscription(tenant=each, service=service, since=now) for each in tenants
    )
    Placement.objects.bulk_create(
        Placement(tenant=each, service=service, users=5, component=component if n < 500 else other)
        for n, each in enumerate(tenants)
    )
    refresh_index()
    text = {"en": "Mail is slow", "zh-hant": "郵件變慢"}
    issue = create_draft(
        provider=provider,
        fields=IssueFields(
            service=service, title=text, user_impact=text, start_at=now - timedelta(minutes=5)
        ),
        scope=Scope(components=frozenset({component.pk})),
        by=Actor.system("bench"),
        now=now,
    )
    return provider.pk, issue.pk


async def measure(port: int, issue_id: int, pages: int) -> list[float]:
    """Seconds from publishing to arrival at each page of the audience."""
    from standfast.web.streams import stream_address

    arrivals: list[float] = []
    outsiders: list[int] = []
    connected = 0

    async def page(place: int) -> None:
        nonlocal connected
        inside = place % 2 == 0
        number = (place // 2) % 500 + (0 if inside else 500)
        address = stream_address(tenants=(number,), language="en")
        incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
        outgoing.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        await incoming.readuntil(b": connected")
        connected += 1
        try:
            async with asyncio.timeout(20):
                await incoming.readuntil(b"data-issue=")
            if inside:
                arrivals.append(time.monotonic())
            else:
                outsiders.append(number)
        except TimeoutError:
            assert not inside, "a page of the audience got nothing"
        outgoing.close()

    tasks = [asyncio.create_task(page(place)) for place in range(pages * 2)]
    while connected < pages * 2:
        await asyncio.sleep(0.1)
    began = time.monotonic()
    await asyncio.to_thread(publish, issue_id)
    async with asyncio.timeout(30):
        while len(arrivals) < pages:
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    assert not outsiders, "a page outside the audience got an event"
    for task in tasks:
        task.cancel()
    return sorted(each - began for each in arrivals)


def publish(issue_id: int) -> None:
    """Publish the draft, as a communicator would."""
    from standfast.apps.incidents.models import Issue
    from standfast.apps.incidents.services.publishing import publish as publish_issue
    from standfast.apps.tenancy.actor import Actor

    publish_issue(
        issue=Issue.objects.get(pk=issue_id),
        version=None,
        body={"en": "We are looking into it."},
        by=Actor.system("bench"),
        now=datetime.now(UTC),
    )


def main() -> int:
    """Print the table; exit code 1 above the target."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=1_000)
    chosen = options.parse_args()
    with fresh_system() as folder:
        _, issue_id = build()
        port = free_port()
        server = ["standfast", "web", "--port", str(port), "--data-dir", str(folder)]
        with served(server, port):
            times = asyncio.run(measure(port, issue_id, chosen.pages))
    print("| open pages | first ms | median ms | last ms |")
    print("|--:|--:|--:|--:|")
    first, median, last = (times[place] * 1_000 for place in (0, len(times) // 2, -1))
    print(f"| {chosen.pages:,} (+ as many outside) | {first:.0f} | {median:.0f} | {last:.0f} |")
    return int(times[-1] > TARGET_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
