"""Members and invitations, on their page."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from standfast.apps.tenancy.models import Invitation, Member, User
from tests.apps.tenancy.people import PASSWORD, found, person
from tests.web.settings.world import address, signed_in

pytestmark = pytest.mark.django_db


def test_an_administrator_invites_and_the_invited_person_joins() -> None:
    bank = found("bank")
    admin = signed_in(person("alice", (bank, "admin")))
    page = address("people", bank)
    response = admin.post(page, {"email": "bob@example.com", "role": "staff"}, follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert b"bob@example.com" in response.content
    [link] = set(re.findall(rf"{settings.BASE_URL}(/\S+)", str(mail.outbox[0].body)))

    visitor = Client()
    assert b"Join Bank" in visitor.get(link).content
    weak = visitor.post(link, {"name": "Bob", "password": "short"})
    assert b"field-error" in weak.content
    joined = visitor.post(link, {"name": "Bob", "password": PASSWORD})
    assert joined.status_code == 302
    bob = User.objects.get(email="bob@example.com")
    assert Member.objects.filter(user=bob, organisation=bank, role="staff").exists()
    assert visitor.session["_auth_user_id"] == str(bob.pk)
    assert Client().get(link).status_code == 404


def test_an_existing_person_signs_in_first_and_another_one_cannot_accept() -> None:
    bank = found("bank")
    admin = signed_in(person("alice", (bank, "admin")))
    admin.post(address("people", bank), {"email": "bob@example.com", "role": "staff"})
    bob, eve = person("bob"), person("eve")
    [link] = set(re.findall(rf"{settings.BASE_URL}(/\S+)", str(mail.outbox[0].body)))
    assert b"Sign in, and you come back here" in Client().get(link).content
    assert b"another address" in signed_in(eve).get(link).content
    signed_in(eve).post(link)
    assert not Member.objects.filter(user=eve).exists()
    assert signed_in(bob).post(link).status_code == 302
    assert Member.objects.filter(user=bob, role="staff").exists()


def test_roles_of_another_face_cannot_be_given() -> None:
    both = found("both", "tenant", "provider")
    alice = person("alice", (both, "admin"))
    admin = signed_in(alice)
    admin.post(address("people", both), {"email": "bob@example.com", "role": "owner"})
    assert not Invitation.objects.exists()
    member = Member.objects.get(user=alice)
    admin.post(address("member_role", both, member.pk), {"role": "owner"})
    member.refresh_from_db()
    assert member.role == "admin"


def test_changing_and_removing_show_what_was_refused() -> None:
    bank = found("bank")
    alice, bob = person("alice", (bank, "admin")), person("bob", (bank, "staff"))
    admin = signed_in(alice)
    mine, his = Member.objects.get(user=alice), Member.objects.get(user=bob)
    response = admin.post(address("member_remove", bank, mine.pk), follow=True)
    assert b"the last person with the role" in response.content
    admin.post(address("member_role", bank, his.pk), {"role": "message_reader"})
    his.refresh_from_db()
    assert his.role == "message_reader"
    admin.post(address("member_remove", bank, his.pk))
    assert list(Member.objects.all()) == [mine]


def test_an_invitation_is_taken_back() -> None:
    bank = found("bank")
    admin = signed_in(person("alice", (bank, "admin")))
    admin.post(address("people", bank), {"email": "bob@example.com", "role": "staff"})
    admin.post(address("invitation_revoke", bank, Invitation.objects.get().pk))
    assert Invitation.objects.get().revoked_at is not None


@pytest.mark.parametrize("role", ["staff", "message_reader", "continuity_manager"])
def test_other_roles_find_no_such_page(role: str) -> None:
    bank = found("bank")
    person("alice", (bank, "admin"))
    client = signed_in(person("bob", (bank, role)))
    for name in ("home", "people", "partners", "tokens", "audit"):
        assert client.get(address(name, bank)).status_code == 404


def test_a_wrong_face_is_not_found() -> None:
    bank = found("bank")
    admin = signed_in(person("alice", (bank, "admin")))
    for face in ("provider", "partner", "king"):
        assert admin.get(address("people", bank, face=face)).status_code == 404
