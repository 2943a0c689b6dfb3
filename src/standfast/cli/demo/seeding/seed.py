"""The whole world, in order, with a line for every step."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from django.db import transaction

from standfast.apps.catalog.index import refresh_index
from standfast.apps.tenancy.actor import Actor
from standfast.cli.demo.seeding import (
    backup,
    catalog,
    choices,
    issues,
    maintenance,
    monitoring,
    notifications,
    organisations,
    social,
    tokens,
    wording,
)
from standfast.cli.demo.seeding.stored import Stored
from standfast.cli.demo.world.history import past_issues
from standfast.cli.demo.world.infrastructure import ComponentPlan, components
from standfast.cli.demo.world.maintenance import maintenances
from standfast.cli.demo.world.offerings import services
from standfast.cli.demo.world.placements import Use, uses
from standfast.cli.demo.world.present import open_issues
from standfast.cli.demo.world.tenants import partner_customers, tenants

SEED = 2_026
BY = Actor.system("demo")
Say = Callable[[str], None]


def seed(*, now: datetime, say: Say) -> list[dict[str, str]]:
    """Store the world as it is at `now`, in an empty migrated database."""
    chance = random.Random(SEED)  # noqa: S311 - the same world every time
    parts = components(services())
    with transaction.atomic():
        stored, used = _store_catalog(parts, chance, now, say)
    refresh_index()
    say("Placement index built.")
    with transaction.atomic():
        wording.store_templates(stored)
        wording.store_chart(stored)
        monitoring.store_sources(stored)
        notifications.store_subscriptions(stored, chance)
        choices.store_choices(stored)
        past = past_issues(parts, _occupied(parts, used), chance)
        for issue in past:
            issues.tell_past(issue, stored)
        say(f"{len(past)} past issues told, with their posts, audiences and promises.")
        for plan in open_issues():
            issues.tell_open(plan, stored)
        for work in maintenances():
            maintenance.store_maintenance(work, stored)
        maintenance.store_calendar(stored)
        wording.store_reports(stored)
        social.store_account(stored)
        monitoring.receive_alerts(stored)
        backup.store_backup_pages(stored)
        made = tokens.store_tokens(stored)
        notifications.settle_outbox(stored)
        say("Planned maintenance: one moved, one called off, one ahead, one done.")
        say("Open: an incident, an advisory, one of unclear scope; a detected one waits.")
    return made


def _store_catalog(
    parts: list[ComponentPlan], chance: random.Random, now: datetime, say: Say
) -> tuple[Stored, list[Use]]:
    plans, offered = tenants(chance), services()
    provider = organisations.store_provider(by=BY, now=now)
    rows = organisations.store_tenants(plans, now=now)
    customers = [rows[plan.slug] for plan in partner_customers(plans)]
    partner = organisations.store_partner(customers, by=BY, now=now)
    everybody = {**rows, provider.slug: provider, partner.slug: partner}
    people = organisations.store_people(everybody, now=now)
    say(f"{provider.name}, {len(rows)} tenants, and a partner of {len(customers)} of them.")
    offerings = catalog.store_services(offered, provider=provider, people=people)
    features = catalog.store_features(offered, offerings)
    ids = catalog.store_components(parts, provider=provider)
    used = list(uses(plans, offered, parts, chance))
    catalog.store_uses(used, tenants=rows, services=offerings, components=ids, now=now)
    placed = sum(len(use.users_on) for use in used)
    say(f"{len(offerings)} services, {len(ids):,} components, {placed:,} placements.")
    return Stored(now, provider, rows, people, offerings, features, ids), used


def _occupied(parts: Iterable[ComponentPlan], used: Collection[Use]) -> set[str]:
    """The components with users on them or below them."""
    parents = {plan.key: plan.parents for plan in parts}
    found: set[str] = set()
    waiting = [key for use in used for key in use.users_on]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(parents[key])
    return found
