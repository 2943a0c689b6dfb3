"""A tenant's own view as a Statuspage, joined from pieces."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from standfast.edge.board.issues import Group, OpenIssue
from standfast.edge.board.world import Tenant, Work, World
from standfast.engine.wire.statuspage.documents import joined, last_change, status_of, written
from standfast.engine.wire.statuspage.facts import Component, Page
from standfast.engine.wire.statuspage.shapes import component_shape, page_shape, stable_id
from standfast.engine.wire.statuspage.words import component_status, worst_component

#: The documents that hold nothing but what the world holds; others are the application's.
NAMES: Final = ("summary.json", "status.json", "components.json", "incidents/unresolved.json")


def document(world: World, tenant: Tenant, name: str, *, base: str, marks: Marks) -> bytes:
    """What the application would answer, byte for byte."""
    group = world.group_of(tenant.number)
    works = [work for work in world.works if tenant.number in work.tenants]
    components = _components(world, tenant, group, works)
    key = f"tenant/{tenant.slug}"
    language = tenant.language
    facts = [issue.facts[language] for issue in group.newest]
    work_facts = [work.facts[language] for work in works]
    page = Page(
        key,
        tenant.name,
        f"{base}/portal/{tenant.slug}/",
        last_change(components, facts, work_facts, since=tenant.since),
    )
    members: dict[str, bytes | list[bytes]] = {}
    if name in {"summary.json", "components.json"}:
        members["components"] = [written(component_shape(each, key)) for each in components]
    if name in {"summary.json", "incidents/unresolved.json"}:
        members["incidents"] = [issue.incidents[language] for issue in group.newest]
    if name == "summary.json":
        members["scheduled_maintenances"] = _work_texts(works, language)
    if name in {"summary.json", "status.json"}:
        members["status"] = written(status_of(components, facts, work_facts))
    body = joined(written(page_shape(page)), **members)
    return marks.filled(body, page_id=stable_id("page", key), slug=tenant.slug)


class Marks:
    """Stand-ins for what differs from tenant to tenant in texts that all share.

    Made of a secret, so that no text of a provider can hold one.
    """

    def __init__(self, secret: str) -> None:
        self.page_key = f"mark/{secret}"
        self.slug = stable_id("mark", secret)
        self._page = stable_id("page", self.page_key).encode()
        self._slug = self.slug.encode()

    def filled(self, body: bytes, *, page_id: str, slug: str) -> bytes:
        """The body with a tenant's own values."""
        return body.replace(self._page, page_id.encode()).replace(self._slug, slug.encode())


def _components(world: World, tenant: Tenant, group: Group, works: list[Work]) -> list[Component]:
    at_work = {
        part.key
        for work in works
        for facts in (work.facts[tenant.language],)
        if facts.status == "in_progress"
        for part in facts.components
    }
    changed = world.changed[tenant.number].tolist()
    made = []
    for place, service in enumerate(tenant.services, start=1):
        line = world.lines[service]
        here = group.of_service.get(service, ())
        plain = line.components[tenant.language]
        statuses = [_made(each, tenant.language) for each in here]
        if plain.key in at_work:
            statuses.append("under_maintenance")
        moments = [each.facts[tenant.language].updated_at for each in here]
        if changed[line.column]:
            moments.append(datetime.fromtimestamp(changed[line.column], UTC))
        made.append(
            replace(
                plain,
                status=worst_component(statuses),
                updated_at=max(moments, default=plain.updated_at).replace(microsecond=0),
                position=place,
            )
        )
    return made


def _made(issue: OpenIssue, language: str) -> str:
    facts = issue.facts[language]
    return component_status(facts.status, severity=facts.severity)


def _work_texts(works: list[Work], language: str) -> list[bytes]:
    def of(*states: str) -> list[bytes]:
        return [work.texts[language] for work in works if work.facts[language].status in states]

    return [*of("in_progress", "verifying"), *of("scheduled")]
