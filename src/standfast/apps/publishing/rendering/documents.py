"""Statuspage's documents of a site, from the same rows as its pages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.models import Issue, Post
from standfast.apps.messagecenter.queries.views import MaintenanceView
from standfast.apps.tenancy.languages import pick
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.manifest import as_text
from standfast.engine.wire.statuspage.documents import Facts, documents
from standfast.engine.wire.statuspage.facts import Component, Incident, Maintenance, Page, Update
from standfast.engine.wire.statuspage.words import component_status, worst_component

LANGUAGE = "en"
# Statuspage knows no cancelled maintenance; one that was is left out.
STATES = {"scheduled": "scheduled", "in_progress": "in_progress", "completed": "completed"}


def api_files(
    owner: Organisation,
    *,
    name: str,
    address: str,
    services: list[Service],
    issues: list[tuple[Issue, list[Post]]],
    planned: Iterable[MaintenanceView],
    now: datetime,
    due: datetime,
) -> dict[str, bytes]:
    """The files below api/v2/, stale after `due`. `issues` come with their posts, newest first."""
    components = {
        service.pk: _component(service, [issue for issue, _ in issues], position, now, owner)
        for position, service in enumerate(services, start=1)
    }
    ordered = sorted(issues, key=lambda each: (each[0].start_at, each[0].pk), reverse=True)
    works = [each for each in planned if each.maintenance.state in STATES]
    facts = Facts(
        page=Page(key=owner.slug, name=name, url=address, updated_at=now),
        components=tuple(components.values()),
        incidents=tuple(_incident(issue, posts, components, address) for issue, posts in ordered),
        maintenances=tuple(_maintenance(each, components, address) for each in reversed(works)),
    )
    age = json.dumps({"backup": {"generated_at": as_text(now), "stale_after": as_text(due)}})
    # One member more at the end, which Statuspage's clients pass over.
    return {
        f"api/v2/{path}": b"%b,%b" % (content.removesuffix(b"}"), age.encode()[1:])
        for path, content in documents(facts).items()
    }


def _component(
    service: Service, issues: list[Issue], position: int, now: datetime, owner: Organisation
) -> Component:
    mine = [issue for issue in issues if issue.service_id == service.pk and issue.is_open]
    return Component(
        key=service.key if service.provider_id == owner.pk else f"{service.pk}",
        name=pick(service.name, LANGUAGE),
        status=worst_component(
            component_status(issue.status, severity=issue.severity) for issue in mine
        ),
        created_at=owner.created_at,
        updated_at=max((issue.modified_at for issue in mine), default=now),
        position=position,
        description=pick(service.description, LANGUAGE),
    )


def _incident(
    issue: Issue, posts: list[Post], components: dict[int, Component], address: str
) -> Incident:
    hit = components.get(issue.service_id)
    return Incident(
        key=issue.reference,
        name=pick(issue.title, LANGUAGE),
        status=issue.status,
        severity=issue.severity,
        classification=issue.classification,
        url=f"{address}issues/{issue.reference}/index.html",
        created_at=issue.published_at or issue.start_at,
        updated_at=issue.modified_at,
        started_at=issue.start_at,
        resolved_at=None if issue.is_open else issue.end_at,
        components=(hit,) if hit else (),
        updates=tuple(
            Update(str(post.number), post.status, pick(post.body, LANGUAGE), post.created_at)
            for post in posts
        ),
    )


def _maintenance(
    view: MaintenanceView, components: dict[int, Component], address: str
) -> Maintenance:
    found = view.maintenance
    assert found.start_at is not None
    assert found.end_at is not None
    return Maintenance(
        key=found.reference,
        name=pick(found.title, LANGUAGE),
        status=STATES[found.state],
        url=f"{address}index.html",
        created_at=found.published_at or found.modified_at,
        updated_at=found.modified_at,
        scheduled_for=found.start_at,
        scheduled_until=found.end_at,
        components=tuple(
            components[service.pk] for service in view.services if service.pk in components
        ),
        updates=(Update("1", STATES[found.state], pick(found.body, LANGUAGE), found.modified_at),),
        completed_at=found.ended_at,
    )
