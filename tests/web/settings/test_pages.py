"""Organisation, partners, tokens and the audit log."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from standfast.apps.tenancy.models import ApiToken, AuditEntry, Delegation
from standfast.apps.tenancy.queries.tokens import token_for
from tests.apps.tenancy.people import found, person
from tests.web.settings.world import address, signed_in

pytestmark = pytest.mark.django_db


def test_an_administrator_changes_the_organisations_data() -> None:
    bank = found("bank")
    admin = signed_in(person("alice", (bank, "admin")))
    data = {
        "name": "Harbour Bank",
        "country": "tw",
        "language": "zh-hant",
        "time_zone": "Asia/Taipei",
    }
    admin.post(address("home", bank), data)
    bank.refresh_from_db()
    assert (bank.name, bank.country, bank.time_zone) == ("Harbour Bank", "TW", "Asia/Taipei")
    wrong = admin.post(address("home", bank), data | {"time_zone": "Mars"})
    assert b"field-error" in wrong.content


def test_a_provider_viewer_sees_the_data_but_cannot_write_it() -> None:
    cloud = found("cloud", "provider")
    viewer = signed_in(person("vera", (cloud, "viewer")))
    page = address("home", cloud, face="provider")
    shown = viewer.get(page)
    assert shown.status_code == 200
    assert b'<form class="card card-body"' not in shown.content
    assert viewer.post(page, {"name": "Mine", "language": "en"}).status_code == 404
    cloud.refresh_from_db()
    assert cloud.name == "Cloud"


def test_a_new_token_is_shown_once_and_works() -> None:
    bank = found("bank")
    admin = signed_in(person("alice", (bank, "admin")))
    page = address("tokens", bank)
    form = {"name": "wall", "scopes": ["health.read"], "expires_in": "30", "acts_for": "me"}
    made = admin.post(page, form, follow=True)
    [plain] = set(re.findall(r"sft_[a-z0-9]{10}_[A-Za-z0-9_-]{30,}", made.content.decode()))
    assert made["Cache-Control"].count("no-store") == 1
    now = timezone.now()
    token = token_for(plain, scope="health.read", now=now)
    assert token.user is not None
    assert token.expires_at is not None
    assert timedelta(days=29) < token.expires_at - now < timedelta(days=30, seconds=1)
    assert plain not in admin.get(page).content.decode()
    admin.post(address("token_revoke", bank, token.pk))
    assert ApiToken.objects.get().revoked_at is not None


def test_scopes_of_another_face_are_refused() -> None:
    both = found("both", "tenant", "provider")
    admin = signed_in(person("alice", (both, "admin")))
    form = {"name": "x", "scopes": ["issues.write"], "expires_in": "30", "acts_for": "program"}
    response = admin.post(address("tokens", both), form)
    assert b"field-error" in response.content
    assert not ApiToken.objects.exists()


def test_a_tenant_lets_a_partner_act_and_ends_it() -> None:
    bank, helper = found("bank"), found("helper", "partner")
    admin = signed_in(person("alice", (bank, "admin")))
    boss = signed_in(person("pia", (helper, "partner_admin")))
    unknown = admin.post(address("partners", bank), {"partner": "nobody", "role": "admin"})
    assert b"There is no such partner" in unknown.content
    admin.post(
        address("partners", bank),
        {"partner": "helper", "role": "message_reader", "expires_at": "2099-12-31"},
    )
    delegation = Delegation.objects.get()
    assert delegation.expires_at is not None
    assert b"Bank" in boss.get(address("partners", helper, face="partner")).content
    admin.post(address("partner_revoke", bank, delegation.pk))
    assert Delegation.objects.get().revoked_at is not None


def test_the_audit_log_is_searched() -> None:
    bank = found("bank")
    admin = signed_in(person("alice", (bank, "admin")))
    page = address("audit", bank)
    assert b"organisation.created" in admin.get(page).content
    filtered = admin.get(page, {"action": "member.added", "q": "alice"}).content.decode()
    rows = filtered.split("<tbody")[1]
    assert "member.added" in rows
    assert "organisation.created" not in rows
    assert b"Nothing matches" in admin.get(page, {"q": "zzz"}).content


def test_details_of_the_log_are_escaped() -> None:
    bank = found("bank", name="<script>alert(1)</script>")
    admin = signed_in(person("alice", (bank, "admin")))
    for name in ("home", "people", "partners", "tokens", "audit"):
        assert b"<script>alert" not in admin.get(address(name, bank)).content


@pytest.mark.parametrize("face", ["provider", "tenant", "partner"])
def test_every_section_of_every_face_opens_in_both_languages(face: str) -> None:
    place = found("place", face)
    leading = {"provider": "owner", "tenant": "admin", "partner": "partner_admin"}[face]
    client = signed_in(person("alice", (place, leading)))
    for language in ("en", "zh-hant"):
        home = client.get(address("home", place, face=face), headers={"accept-language": language})
        assert home.status_code == 200
        for url in set(re.findall(r'class="settings-link" href="([^"]+)"', home.content.decode())):
            assert client.get(url, headers={"accept-language": language}).status_code == 200
    assert AuditEntry.objects.exists()
