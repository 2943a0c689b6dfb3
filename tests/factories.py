"""Stored things for tests: plain functions with sensible defaults, unique where they must be.

They write rows as the services would leave them (numbers, edges, the change log), without checks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Max

from standfast.apps.catalog.models import (
    Component,
    ComponentEdge,
    Feature,
    Placement,
    Service,
    ServiceSubscription,
)
from standfast.apps.catalog.services.changes import (
    append_changes,
    component_change,
    edge_change,
    placement_change,
    subscription_change,
)
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import Delegation, Member, Organisation, User
from standfast.apps.tenancy.services.tokens import create_token

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
SYSTEM = Actor.system("tests")

_serial = itertools.count(1)


def make_organisation(
    slug: str = "",
    *,
    name: str = "",
    provider: bool = False,
    tenant: bool = False,
    partner: bool = False,
    language: str = "en",
) -> Organisation:
    """Make an organisation; one that plays tenant gets the next dense number."""
    slug = slug or f"organisation-{next(_serial)}"
    highest = Organisation.objects.aggregate(highest=Max("number"))["highest"]
    following = 0 if highest is None else highest + 1
    return Organisation.objects.create(
        slug=slug,
        name=name or slug.replace("-", " ").title(),
        is_provider=provider,
        is_tenant=tenant,
        is_partner=partner,
        number=following if tenant else None,
        language=language,
        created_at=NOW,
    )


def make_provider(slug: str = "", *, name: str = "") -> Organisation:
    """Make an organisation that is a provider only."""
    return make_organisation(slug or f"provider-{next(_serial)}", name=name, provider=True)


def make_tenant(slug: str = "", *, name: str = "") -> Organisation:
    """Make an organisation that is a tenant only."""
    return make_organisation(slug or f"tenant-{next(_serial)}", name=name, tenant=True)


def make_partner(slug: str = "", *, name: str = "") -> Organisation:
    """Make an organisation that is a partner only."""
    return make_organisation(slug or f"partner-{next(_serial)}", name=name, partner=True)


def make_user(email: str = "", *, name: str = "", language: str = "") -> User:
    """Make a person who can sign in with `PASSWORD`."""
    email = email or f"person-{next(_serial)}@example.com"
    user = User.objects.create_user(email, PASSWORD, name=name, language=language)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_member(organisation: Organisation, role: str, *, user: User | None = None) -> User:
    """Give a (new) person a role in an organisation, and return the person."""
    user = user or make_user()
    Member.objects.create(user=user, organisation=organisation, role=role, created_at=NOW)
    return user


def make_delegation(partner: Organisation, tenant: Organisation, role: str = "admin") -> Delegation:
    """Let a partner act for a tenant."""
    return Delegation.objects.create(partner=partner, tenant=tenant, role=role, created_at=NOW)


def make_token(organisation: Organisation, *scopes: str, user: User | None = None) -> str:
    """Make an API token that lives for a year from now, and return its plain text."""
    _token, plain = create_token(
        organisation=organisation,
        user=user,
        scopes=scopes,
        name="test",
        expires_in=timedelta(days=365),
        by=SYSTEM,
        now=datetime.now(UTC),
    )
    return plain


def make_service(
    provider: Organisation,
    key: str = "",
    *,
    name: str = "",
    owner: User | None = None,
    is_public: bool = True,
    issue_prefix: str = "SF",
    cadence_minutes: int = 60,
) -> Service:
    """Make a service of a provider."""
    key = key or f"service-{next(_serial)}"
    return Service.objects.create(
        provider=provider,
        key=key,
        name={"en": name or key.replace("-", " ").title()},
        owner=owner,
        is_public=is_public,
        issue_prefix=issue_prefix,
        cadence_minutes=cadence_minutes,
    )


def make_feature(service: Service, key: str = "", *, name: str = "") -> Feature:
    """Make a feature of a service."""
    key = key or f"feature-{next(_serial)}"
    return Feature.objects.create(
        service=service, key=key, name={"en": name or key.replace("-", " ").title()}
    )


@transaction.atomic
def make_component(
    provider: Organisation,
    key: str = "",
    *,
    kind: str = "server",
    name: str = "",
    below: Component | Iterable[Component] = (),
) -> Component:
    """Make a component below one or several others; a root when `below` is empty."""
    key = key or f"COMPONENT-{next(_serial)}"
    parents = [below] if isinstance(below, Component) else list(below)
    component = Component.objects.create(
        provider=provider, key=key, name=name or key, kind=kind, is_root=not parents
    )
    changes = [component_change(component=component.pk, present=True)]
    for parent in parents:
        ComponentEdge.objects.create(parent=parent, child=component)
        changes.append(edge_change(parent=parent.pk, component=component.pk, present=True))
    append_changes(changes=changes, now=NOW)
    return component


@transaction.atomic
def make_subscription(
    tenant: Organisation, service: Service, *, seats: int = 0
) -> ServiceSubscription:
    """Let a tenant use a service."""
    assert tenant.number is not None, "only tenants have a number"
    made = ServiceSubscription.objects.create(
        tenant=tenant, service=service, seats=seats, since=NOW
    )
    change = subscription_change(tenant_number=tenant.number, service=service.pk, present=True)
    append_changes(changes=[change], now=NOW)
    return made


@transaction.atomic
def make_placement(
    tenant: Organisation, component: Component, service: Service, users: int = 10
) -> Placement:
    """Place users of a tenant on a component; the tenant subscribes to the service if need be."""
    assert tenant.number is not None, "only tenants have a number"
    if not ServiceSubscription.objects.filter(tenant=tenant, service=service).exists():
        make_subscription(tenant, service, seats=users)
    made = Placement.objects.create(
        tenant=tenant, component=component, service=service, users=users
    )
    change = placement_change(
        component=component.pk, tenant_number=tenant.number, service=service.pk, users=users
    )
    append_changes(changes=[change], now=NOW)
    return made
