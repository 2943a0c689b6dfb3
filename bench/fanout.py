"""From publishing to delivered: webhooks and mails to loopback sinks, every outcome recorded.

One tenant a subscriber. First so many senders as are asked for, each a process, for each channel,
on SQLite; then, where PostgreSQL can be started, two workers of which one is killed midway.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.system import fresh_system
from standfast.cli.listening import free_port

TARGETS = {"webhook": 3_000, "email": 1_000}


class Sinks:
    """The sinks' process."""

    def __init__(self, process: subprocess.Popen[str], hooks: int, mails: int) -> None:
        self._process = process
        self.hooks, self.mails = hooks, mails

    def counts(self) -> dict[str, dict[str, int]]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("count\n")
        self._process.stdin.flush()
        found: dict[str, dict[str, int]] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def sinks() -> Iterator[Sinks]:
    """Run the sinks until the block ends."""
    hooks, mails = free_port(), free_port()
    command = [sys.executable, "-m", "bench.sinks", str(hooks), str(mails)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    assert process.stdout
    assert process.stdin
    process.stdout.readline()
    try:
        yield Sinks(process, hooks, mails)
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(10)


def seed(tenants: int, channels: tuple[str, ...], hooks: int) -> Any:
    """A provider, a region and tenants on it, each with one subscription a channel."""
    from standfast.apps.catalog.index import refresh_index
    from standfast.apps.catalog.models import CatalogChange, Placement
    from standfast.apps.delivery.models import Subscription
    from standfast.apps.tenancy.models import Organisation
    from standfast.apps.tenancy.sealing import seal
    from standfast.channels.webhook.signing import make_secret
    from tests.factories import make_component, make_provider, make_service

    now = datetime.now(UTC)
    provider = make_provider()
    service = make_service(provider)
    component = make_component(provider)
    found = Organisation.objects.bulk_create(
        (
            Organisation(
                slug=f"t{each}", name=f"Tenant {each}", is_tenant=True, number=each, created_at=now
            )
            for each in range(tenants)
        ),
        batch_size=5_000,
    )
    Placement.objects.bulk_create(
        (Placement(tenant=each, component=component, service=service, users=7) for each in found),
        batch_size=5_000,
    )
    CatalogChange.objects.create(kind="rebuild", at=now)
    refresh_index()
    secrets = [seal(make_secret(os.urandom(32))) for _ in range(1_000)]
    for channel in channels:
        Subscription.objects.bulk_create(
            (
                Subscription(
                    organisation=each,
                    channel=channel,
                    address=f"http://127.0.0.1:{hooks}/{each.slug}"
                    if channel == "webhook"
                    else f"admin@{each.slug}.example",
                    kinds=["incident", "advisory"],
                    secret=secrets[each.pk % 1_000] if channel == "webhook" else "",
                    unsubscribe_key=f"{channel}-{each.slug}",
                    created_at=now,
                )
                for each in found
            ),
            batch_size=2_000,
        )
    return service, component


def publish_one(service: Any, component: Any) -> None:
    """Publish an issue that all of them are hit by."""
    from standfast.apps.incidents.services.drafting import create_draft
    from standfast.apps.incidents.services.publishing import publish
    from tests.factories import SYSTEM
    from tests.factories_incidents import BODY, fields_for, on

    now = datetime.now(UTC)
    draft = create_draft(
        provider=service.provider,
        fields=fields_for(service, start_at=now),
        scope=on(component),
        by=SYSTEM,
        now=now,
    )
    publish(issue=draft, version=None, body=BODY, by=SYSTEM, now=now)


def told(kind: str, subscribers: int, senders: int) -> dict[str, float]:
    """Publish, plan, and send all over one channel; seconds and rates."""
    from standfast.apps.delivery.models import Attempt, Delivery, Subscription
    from standfast.apps.delivery.services.planning import plan_waiting
    from standfast.config.memory import settle

    settle()  # as the worker does
    service, component = _estate()
    Subscription.objects.exclude(channel=kind).update(is_active=False)
    Subscription.objects.filter(channel=kind).update(is_active=True)
    began = time.monotonic()
    publish_one(service, component)
    published = time.monotonic()
    while plan_waiting(now=datetime.now(UTC)):
        pass
    planned = time.monotonic()
    before = Attempt.objects.count()
    _in_processes([partial(_send, kind, f"bench-{each}") for each in range(senders)])
    ended = time.monotonic()
    sent = Delivery.objects.filter(channel=kind, state="sent").count()
    assert sent == subscribers, (sent, subscribers)
    assert Attempt.objects.count() - before == subscribers
    return {
        "publish": published - began,
        "plan": planned - published,
        "send": ended - planned,
        "rate": subscribers / (ended - planned),
        "overall": subscribers / (ended - began),
    }


def _send(kind: str, worker: str) -> None:
    from standfast.apps.delivery.services.sending import Sender

    sender = Sender(kind, worker=worker)
    while sender.send_due():
        pass
    sender.close()


def _in_processes(works: list[Callable[[], None]]) -> None:
    """Each in a process of its own; returns when all have ended, and raises if one has failed."""
    from django.db import connections

    connections.close_all()
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            failed = 1
            try:
                work()
                failed = 0
            finally:
                os._exit(failed)
        children.append(child)
    ended = [os.waitpid(child, 0)[1] for child in children]
    assert not any(ended), ended


def _estate() -> tuple[Any, Any]:
    from standfast.apps.catalog.models import Component, Service

    return Service.objects.get(), Component.objects.get()


def settings_for(found: Sinks) -> None:
    """Point the channels at the sinks."""
    os.environ["STANDFAST_EMAIL_URL"] = f"smtp://127.0.0.1:{found.mails}"
    os.environ["STANDFAST_ALLOW_PRIVATE_WEBHOOKS"] = "1"


def two_workers(subscribers: int) -> dict[str, Any] | None:
    """Two workers on PostgreSQL, one killed when a third has arrived."""
    from tests.postgres import PostgresMissing, start_postgres

    folder = Path(os.environ["STANDFAST_DATA_DIR"])
    folder.chmod(0o755)
    try:
        server = start_postgres(folder)
    except PostgresMissing as missing:
        print(f"(two workers: left out, {missing})")
        return None
    try:
        server.create_database("bench")
        os.environ["DATABASE_URL"] = server.url_of("bench")
        with sinks() as found:
            settings_for(found)
            _script("seed", str(subscribers), str(found.hooks))
            workers = [_worker(), _worker()]
            began = time.monotonic()
            _script("publish")
            wanted = 2 * subscribers
            killed = 0.0
            while (arrived := _different(found)) < wanted:
                if not killed and arrived > wanted / 3:
                    workers[0].send_signal(signal.SIGKILL)
                    killed = time.monotonic() - began
                time.sleep(0.05)
            ended = time.monotonic() - began
            stored: dict[str, int] = {}
            deadline = time.monotonic() + 90
            while stored.get("sent") != wanted and time.monotonic() < deadline:
                stored = json.loads(_script("report"))
            workers[1].send_signal(signal.SIGTERM)
            workers[1].wait(60)
            workers[0].wait(5)
            return {
                "seconds": ended,
                "killed": killed,
                "counts": found.counts(),
                "stored": stored,
                "wanted": wanted,
            }
    finally:
        server.stop()


def _different(found: Sinks) -> int:
    return sum(each["different"] for each in found.counts().values())


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "standfast", "worker"], env=dict(os.environ))


def _script(*arguments: str) -> str:
    command = [sys.executable, "-m", "bench.fanout", "--step", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout


def step(arguments: list[str]) -> None:
    """One step of `two_workers`, in a process of its own."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standfast.config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db.models import Count

    from standfast.apps.delivery.models import Attempt, Delivery

    match arguments:
        case ["seed", subscribers, hooks]:
            call_command("migrate", verbosity=0)
            seed(int(subscribers), ("webhook", "email"), int(hooks))
        case ["publish"]:
            publish_one(*_estate())
        case _:
            states = Delivery.objects.order_by().values_list("state").annotate(Count("id"))
            print(json.dumps({**dict(states), "attempts": Attempt.objects.count()}))


def main() -> int:
    """Print the tables; exit code 1 below the targets or when something was lost."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--subscribers", type=int, default=10_000)
    options.add_argument("--senders", type=int, default=1)
    options.add_argument("--only", choices=[*TARGETS, "workers"])
    options.add_argument("--step", nargs="+")
    chosen = options.parse_args()
    if chosen.step:
        step(chosen.step)
        return 0
    failed = False
    rows = []
    for kind in [kind for kind in TARGETS if chosen.only in {None, kind}]:
        with sinks() as found:
            settings_for(found)
            rows.append((kind, _in_process(kind, chosen.subscribers, chosen.senders, found)))
    if rows:
        print(f"{chosen.subscribers:,} subscribers, senders: {chosen.senders}, SQLite.\n")
        print("| channel | publish s | plan s | send s | sent/s | publish to all delivered, /s |")
        print("|---|--:|--:|--:|--:|--:|")
    for kind, found_row in rows:
        failed |= found_row["overall"] < TARGETS[kind]
        print(
            f"| {kind} | {found_row['publish']:.2f} | {found_row['plan']:.2f}"
            f" | {found_row['send']:.2f} | {found_row['rate']:,.0f}"
            f" | {found_row['overall']:,.0f} (target {TARGETS[kind]:,}) |"
        )
    if chosen.only in {None, "workers"}:
        with fresh_system():
            result = two_workers(chosen.subscribers)
        failed |= _print_workers(result)
    return int(failed)


def _in_process(kind: str, subscribers: int, senders: int, found: Sinks) -> dict[str, float]:
    """In a child, because Django reads its settings once."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with fresh_system():
            seed(subscribers, (kind,), found.hooks)
            os.write(writing, json.dumps(told(kind, subscribers, senders)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    result: dict[str, float] = json.loads(text)
    return result


def _print_workers(result: dict[str, Any] | None) -> bool:
    if result is None:
        return False
    counts, wanted = result["counts"], result["wanted"]
    arrived = sum(each["arrived"] for each in counts.values())
    different = sum(each["different"] for each in counts.values())
    print(
        f"\nTwo workers, PostgreSQL, one killed after {result['killed']:.1f} s: {wanted:,} messages"
        f" in {result['seconds']:.1f} s; {different:,} different keys arrived,"
        f" {arrived - different:,} repeats; recorded: {result['stored']}."
    )
    return bool(different != wanted or result["stored"].get("sent") != wanted)


if __name__ == "__main__":
    sys.exit(main())
