"""A tenant's backup pages, seen from its portal."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from standfast.apps.publishing.models import TenantPage
from tests.factories import make_member, make_tenant

pytestmark = pytest.mark.django_db


def signed_in(tenant: object, role: str) -> Client:
    client = Client()
    user = make_member(tenant, role)  # type: ignore[arg-type]
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address_on(page: str) -> str:
    found = re.search(r"/t/[a-z2-7]{32}/", page)
    return found.group() if found else ""


def test_an_administrator_gets_pages_turns_their_address_and_gives_them_up() -> None:
    tenant = make_tenant("alice")
    admin = signed_in(tenant, "admin")
    page, change = (
        reverse(f"portal:{name}", args=["alice"]) for name in ("backup", "backup_change")
    )
    assert address_on(admin.get(page).content.decode()) == ""
    addresses = []
    for deed in ("give", "turn"):
        assert admin.post(change, {"do": deed}).status_code == 302
        addresses.append(address_on(admin.get(page).content.decode()))
    assert len(set(addresses)) == 2
    assert "" not in addresses
    admin.post(change, {"do": "take"})
    assert TenantPage.objects.count() == 0


def test_a_reader_sees_the_address_and_cannot_change_it() -> None:
    tenant = make_tenant("alice")
    page, change = (
        reverse(f"portal:{name}", args=["alice"]) for name in ("backup", "backup_change")
    )
    signed_in(tenant, "admin").post(change, {"do": "give"})
    reader = signed_in(tenant, "message_reader")
    shown = reader.get(page).content.decode()
    assert address_on(shown)
    assert 'name="do"' not in shown
    assert reader.post(change, {"do": "take"}).status_code in {403, 404}
    assert TenantPage.objects.count() == 1


def test_an_unknown_deed_changes_nothing() -> None:
    make_tenant("alice")
    tenant = make_tenant("bob")
    admin = signed_in(tenant, "admin")
    change = reverse("portal:backup_change", args=["bob"])
    for deed in ("turn", "take", "shout", ""):
        assert admin.post(change, {"do": deed}).status_code == 302
    assert TenantPage.objects.count() == 0
