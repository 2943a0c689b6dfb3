"""The provider, the partner, the tenants, and the people who sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import Member, Organisation, User
from standfast.apps.tenancy.roles import ADMIN
from standfast.apps.tenancy.services.delegations import grant_delegation
from standfast.apps.tenancy.services.organisations import create_organisation
from standfast.cli.demo.world.offerings import PROVIDER_NAME, PROVIDER_SLUG
from standfast.cli.demo.world.people import PASSWORD, PEOPLE, ZONE
from standfast.cli.demo.world.tenants import PARTNER_NAME, PARTNER_SLUG, TenantPlan

FOUNDED = timedelta(days=400)


def store_provider(*, by: Actor, now: datetime) -> Organisation:
    """Found the provider."""
    return create_organisation(
        slug=PROVIDER_SLUG,
        name=PROVIDER_NAME,
        faces=["provider"],
        country="TW",
        time_zone=ZONE,
        by=by,
        now=now - FOUNDED,
    )


def store_tenants(plans: Iterable[TenantPlan], *, now: datetime) -> dict[str, Organisation]:
    """Store all tenants at once, numbered as planned."""
    rows = Organisation.objects.bulk_create(
        [
            Organisation(
                slug=plan.slug,
                name=plan.name,
                is_tenant=True,
                number=number,
                country=plan.country,
                language=plan.language,
                time_zone=plan.zone,
                created_at=now - FOUNDED,
            )
            for number, plan in enumerate(plans)
        ]
    )
    return {row.slug: row for row in rows}


def store_partner(customers: Iterable[Organisation], *, by: Actor, now: datetime) -> Organisation:
    """Found the partner and let it act for its customers."""
    partner = create_organisation(
        slug=PARTNER_SLUG,
        name=PARTNER_NAME,
        faces=["partner"],
        country="TW",
        time_zone=ZONE,
        by=by,
        now=now - FOUNDED,
    )
    for tenant in customers:
        grant_delegation(
            tenant=tenant,
            partner_slug=partner.slug,
            role=ADMIN,
            by=by,
            now=now - timedelta(days=90),
        )
    return partner


def store_people(organisations: Mapping[str, Organisation], *, now: datetime) -> dict[str, User]:
    """Store everybody with a verified address; the one password is hashed once."""
    since, password = now - FOUNDED, make_password(PASSWORD)
    people = User.objects.bulk_create(
        [
            User(
                email=plan.email,
                name=plan.name,
                password=password,
                language=plan.language,
                time_zone=organisations[plan.organisation].time_zone,
                date_joined=since,
            )
            for plan in PEOPLE
        ]
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people]
    )
    Member.objects.bulk_create(
        [
            Member(
                user=user,
                organisation=organisations[plan.organisation],
                role=plan.role,
                created_at=since,
            )
            for plan, user in zip(PEOPLE, people, strict=True)
        ]
    )
    return {user.email: user for user in people}
