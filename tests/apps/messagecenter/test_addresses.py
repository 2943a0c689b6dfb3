"""Unguessable addresses open for their owner's programs, and close with the owner's access."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.messagecenter.models import FeedAddress
from standfast.apps.messagecenter.queries.addresses import (
    addresses_of,
    get_address_for,
    reader_of,
)
from standfast.apps.messagecenter.services.addresses import (
    make_address,
    note_read,
    revoke_address,
)
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import Member, User
from standfast.apps.tenancy.queries.access import Access, get_access_for
from tests.factories import NOW, make_member, make_tenant

pytestmark = pytest.mark.django_db


def access_of(user: User, slug: str) -> Access:
    fresh = User.objects.get(pk=user.pk)
    return get_access_for(fresh, slug, face="tenant", needs="health.read", now=NOW)


@pytest.fixture
def access() -> Access:
    tenant = make_tenant("alice")
    return access_of(make_member(tenant, "staff"), "alice")


def test_the_secret_is_shown_once_and_opens_what_its_owner_may_see(access: Access) -> None:
    address, secret = make_address(access=access, name="My phone", language="zh-hant", now=NOW)
    stored = FeedAddress.objects.get()
    assert len(secret) >= 40
    assert secret not in str(vars(stored))
    reader = reader_of(secret, now=NOW)
    assert (reader.address, reader.access.organisation) == (address, access.organisation)
    assert reader.address.language == "zh-hant"


def test_a_revoked_address_and_a_guess_are_answered_alike(access: Access) -> None:
    address, secret = make_address(access=access, name="Desk", language="en", now=NOW)
    revoke_address(address=address, access=access, now=NOW)
    for asked in (secret, "guess", "", "x" * 5_000):
        with pytest.raises(NoAccess):
            reader_of(asked, now=NOW)
    assert addresses_of(access) == []


def test_it_closes_when_its_owner_leaves(access: Access) -> None:
    _address, secret = make_address(access=access, name="Desk", language="en", now=NOW)
    Member.objects.all().delete()
    with pytest.raises(NoAccess):
        reader_of(secret, now=NOW)


def test_nobody_else_can_revoke_it(access: Access) -> None:
    address, _secret = make_address(access=access, name="Desk", language="en", now=NOW)
    colleague = access_of(make_member(access.organisation, "admin"), "alice")
    with pytest.raises(NoAccess):
        get_address_for(colleague, address.pk)


def test_reading_is_noted_now_and_then(access: Access) -> None:
    address, _secret = make_address(access=access, name="Desk", language="en", now=NOW)
    note_read(address=address, now=NOW)
    address.refresh_from_db()
    note_read(address=address, now=NOW + timedelta(seconds=5))
    address.refresh_from_db()
    assert address.last_read_at == NOW


@pytest.mark.parametrize(("name", "language"), [("", "en"), ("Desk", "fr")])
def test_what_cannot_be_used_is_refused(access: Access, name: str, language: str) -> None:
    with pytest.raises(Refused):
        make_address(access=access, name=name, language=language, now=NOW)
    assert not FeedAddress.objects.exists()
