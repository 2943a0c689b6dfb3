"""Issues for tests, made through the services as people make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from standfast.apps.catalog.models import Component, Service
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.services.detection import open_detected
from standfast.apps.incidents.services.drafting import create_draft
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import Scope
from tests.factories import (
    NOW,
    SYSTEM,
    make_component,
    make_placement,
    make_provider,
    make_service,
    make_tenant,
)

IMPACT = {"en": "People cannot open their mailbox.", "zh-hant": "使用者無法開啟信箱。"}
TITLE = {"en": "Mailboxes are slow", "zh-hant": "信箱變慢"}
BODY = {"en": "We are looking into it.", "zh-hant": "我們正在調查。"}


@dataclass(frozen=True, slots=True)
class World:
    """Two databases on one server in one region; Alice is on the first, Bob on both, Charlie on
    the second, and Dora uses the service without any known placement."""

    provider: Organisation
    service: Service
    region: Component
    server: Component
    first: Component
    second: Component
    alice: Organisation
    bob: Organisation
    charlie: Organisation
    dora: Organisation


def make_world() -> World:
    """Make the cast and its placements."""
    from tests.factories import make_subscription

    provider = make_provider("northlight")
    service = make_service(provider, "mail", name="Mail", issue_prefix="ML")
    region = make_component(provider, "EU", kind="region")
    server = make_component(provider, "SRV-1", kind="server", below=region)
    first = make_component(provider, "MBX-1", kind="database", below=server)
    second = make_component(provider, "MBX-2", kind="database", below=server)
    alice, bob, charlie, dora = (make_tenant(name) for name in ("alice", "bob", "charlie", "dora"))
    make_placement(alice, first, service, 214)
    make_placement(bob, first, service, 30)
    make_placement(bob, second, service, 70)
    make_placement(charlie, second, service, 5)
    make_subscription(dora, service)
    return World(provider, service, region, server, first, second, alice, bob, charlie, dora)


def fields_for(service: Service, **changes: object) -> IssueFields:
    """Sensible fields of an issue, with some changed."""
    values: dict[str, object] = {
        "service": service,
        "title": TITLE,
        "user_impact": IMPACT,
        "start_at": NOW - timedelta(minutes=20),
        "status": "serviceDegradation",
    }
    return IssueFields(**{**values, **changes})  # type: ignore[arg-type]


def make_draft(world: World, scope: Scope, *, now: datetime = NOW, **changes: object) -> Issue:
    """Store a draft of the world's provider."""
    return create_draft(
        provider=world.provider,
        fields=fields_for(**{"service": world.service} | changes),  # type: ignore[arg-type]
        scope=scope,
        by=SYSTEM,
        now=now,
    )


def detect_issue(world: World, *, now: datetime = NOW, **changes: Any) -> Issue:
    """A detected issue on the world's first database, that nobody has confirmed."""
    values: dict[str, Any] = {
        "provider": world.provider,
        "service": world.service,
        "feature": None,
        "title": TITLE,
        "severity": "high",
        "classification": "incident",
        "status": "serviceDegradation",
        "component_ids": [world.first.pk],
        "start_at": now,
        "by": SYSTEM,
    }
    return open_detected(**values | changes, now=now)


def publish_issue(world: World, scope: Scope, *, now: datetime = NOW, **changes: object) -> Post:
    """Draft and publish an issue; its first post."""
    issue = make_draft(world, scope, now=now, **changes)
    return publish(issue=issue, version=issue.version, body=BODY, by=SYSTEM, now=now)


def on(*components: Component, unclear: bool = False) -> Scope:
    """A scope of components."""
    return Scope(components=frozenset(each.pk for each in components), unclear=unclear)
