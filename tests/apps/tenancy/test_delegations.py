"""A tenant lets a partner act for it, for as long as it likes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import AuditEntry, Delegation
from standfast.apps.tenancy.queries.delegations import (
    delegations_given,
    delegations_held,
    get_given_delegation_for,
)
from standfast.apps.tenancy.services.delegations import grant_delegation, revoke_delegation
from tests.apps.tenancy.people import BY, NOW, access_of, found, person

pytestmark = pytest.mark.django_db


def test_a_partner_reaches_the_tenant_only_while_allowed() -> None:
    bank, helper = found("bank"), found("helper", "partner")
    agent = person("paula", (helper, "partner_agent"))
    with pytest.raises(NoAccess):
        access_of(agent, bank, "tenant", "health.read")
    grant = grant_delegation(tenant=bank, partner_slug="helper", role="admin", by=BY, now=NOW)
    access = access_of(agent, bank, "tenant", "subscription.manage")
    assert access.via == helper
    assert access.actor.label == "paula@example.com (Helper)"
    for own_affair in ("members.manage", "tokens.manage", "delegation.manage", "audit.read"):
        with pytest.raises(NoAccess):
            access_of(agent, bank, "tenant", own_affair)
    revoke_delegation(delegation=grant, by=BY, now=NOW)
    with pytest.raises(NoAccess):
        access_of(agent, bank, "tenant", "health.read")


def test_both_organisations_have_it_in_their_logs() -> None:
    bank, helper = found("bank"), found("helper", "partner")
    grant = grant_delegation(tenant=bank, partner_slug="helper", role="admin", by=BY, now=NOW)
    revoke_delegation(delegation=grant, by=BY, now=NOW)
    for organisation in (bank, helper):
        entries = AuditEntry.objects.filter(organisation=organisation, object_kind="delegation")
        assert {entry.action for entry in entries} == {"delegation.granted", "delegation.revoked"}


def test_granting_again_replaces_the_role() -> None:
    bank, helper = found("bank"), found("helper", "partner")
    agent = person("paula", (helper, "partner_agent"))
    for role in ("admin", "message_reader"):
        grant_delegation(tenant=bank, partner_slug="helper", role=role, by=BY, now=NOW)
    assert Delegation.objects.filter(revoked_at__isnull=True).count() == 1
    with pytest.raises(NoAccess):
        access_of(agent, bank, "tenant", "report.write")


def test_it_ends_by_itself() -> None:
    bank, helper = found("bank"), found("helper", "partner")
    agent = person("paula", (helper, "partner_agent"))
    grant = grant_delegation(
        tenant=bank,
        partner_slug="helper",
        role="admin",
        expires_at=NOW + timedelta(days=1),
        by=BY,
        now=NOW,
    )
    access_of(agent, bank, "tenant", "health.read")
    Delegation.objects.filter(pk=grant.pk).update(expires_at=NOW)
    with pytest.raises(NoAccess):
        access_of(agent, bank, "tenant", "health.read")


def test_what_is_wrong_is_named() -> None:
    bank = found("bank")
    found("helper", "partner")
    found("cloud", "provider")
    for field, partner, role, days in [
        ("partner", "nobody", "admin", 1),
        ("partner", "cloud", "admin", 1),
        ("role", "helper", "owner", 1),
        ("expires_at", "helper", "admin", -1),
    ]:
        with pytest.raises(Refused) as refused:
            grant_delegation(
                tenant=bank,
                partner_slug=partner,
                role=role,
                expires_at=NOW + timedelta(days=days),
                by=BY,
                now=NOW,
            )
        assert refused.value.field == field
    assert not Delegation.objects.exists()


def test_each_side_sees_its_own_and_another_tenant_reaches_none() -> None:
    bank, shop, helper = found("bank"), found("shop"), found("helper", "partner")
    alice, sam = person("alice", (bank, "admin")), person("sam", (shop, "admin"))
    boss = person("pia", (helper, "partner_admin"))
    grant = grant_delegation(tenant=bank, partner_slug="helper", role="admin", by=BY, now=NOW)
    assert delegations_given(access_of(alice, bank, "tenant", "delegation.manage")) == [grant]
    assert delegations_held(access_of(boss, helper, "partner", "customers.read")) == [grant]
    sams = access_of(sam, shop, "tenant", "delegation.manage")
    assert delegations_given(sams) == []
    with pytest.raises(NoAccess):
        get_given_delegation_for(sams, grant.pk)
