"""Roles, profiles, and that every face keeps a leader."""

from __future__ import annotations

import pytest

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import AuditEntry, Member, User
from standfast.apps.tenancy.queries.members import get_member_for, members_of, people_with_role
from standfast.apps.tenancy.services.members import add_member, change_role, remove_member
from standfast.apps.tenancy.services.people import choose_language, create_account, update_profile
from standfast.apps.tenancy.services.tokens import create_token
from tests.apps.tenancy.people import BY, NOW, PASSWORD, access_of, found, person

pytestmark = pytest.mark.django_db


def test_a_role_must_belong_to_a_face_of_the_organisation() -> None:
    bank, alice = found("bank"), person("alice")
    with pytest.raises(Refused, match="admin") as refused:
        add_member(organisation=bank, user=alice, role="owner", by=BY, now=NOW)
    assert refused.value.field == "role"
    assert not Member.objects.exists()


def test_adding_the_same_role_twice_makes_one_member_and_one_entry() -> None:
    bank, alice = found("bank"), person("alice")
    for _again in range(2):
        add_member(organisation=bank, user=alice, role="admin", by=BY, now=NOW)
    assert Member.objects.count() == 1
    assert AuditEntry.objects.filter(action="member.added").count() == 1


@pytest.mark.parametrize(
    ("face", "leading", "other"),
    [
        ("provider", "owner", "viewer"),
        ("tenant", "admin", "staff"),
        ("partner", "partner_admin", "partner_agent"),
    ],
)
def test_the_last_leader_can_neither_leave_nor_step_down(
    face: str, leading: str, other: str
) -> None:
    place = found("place", face)
    person("alice", (place, leading))
    member = Member.objects.get()
    with pytest.raises(Refused):
        remove_member(member=member, by=BY, now=NOW)
    with pytest.raises(Refused):
        change_role(member=member, role=other, by=BY, now=NOW)
    person("bob", (place, leading))
    change_role(member=member, role=other, by=BY, now=NOW)
    assert Member.objects.get(pk=member.pk).role == other


def test_a_leader_whose_account_is_off_does_not_count() -> None:
    bank = found("bank")
    person("alice", (bank, "admin"))
    bob = person("bob", (bank, "admin"))
    User.objects.filter(pk=bob.pk).update(is_active=False)
    with pytest.raises(Refused):
        remove_member(member=Member.objects.get(user__email="alice@example.com"), by=BY, now=NOW)


def test_who_leaves_for_good_takes_their_tokens_with_them() -> None:
    bank = found("bank")
    person("alice", (bank, "admin"))
    bob = person("bob", (bank, "staff"), (bank, "message_reader"))
    token, _plain = create_token(
        organisation=bank, name="x", scopes=["health.read"], user=bob, by=BY, now=NOW
    )
    for member in Member.objects.filter(user=bob).order_by("role"):
        token.refresh_from_db()
        assert token.revoked_at is None
        remove_member(member=member, by=BY, now=NOW)
    token.refresh_from_db()
    assert token.revoked_at == NOW


def test_an_administrator_of_one_face_does_not_reach_people_of_another() -> None:
    both = found("both", "provider", "tenant")
    owner = person("olga", (both, "owner"))
    admin = person("alice", (both, "admin"))
    access = access_of(admin, both, "tenant", "members.manage")
    assert [member.user for member in members_of(access)] == [admin]
    with pytest.raises(NoAccess):
        get_member_for(access, Member.objects.get(user=owner).pk)


def test_members_are_found_by_name_and_by_role() -> None:
    bank = found("bank")
    alice, bob = person("alice", (bank, "admin")), person("bob", (bank, "staff"))
    access = access_of(alice, bank, "tenant", "members.manage")
    assert [member.user for member in members_of(access, search="BOB")] == [bob]
    assert people_with_role(bank, "staff", "admin") == [alice, bob]


def test_a_person_chooses_name_language_and_zone_and_each_change_is_audited() -> None:
    alice = person("alice")
    choose_language(user=alice, language="zh-hant", now=NOW)
    update_profile(user=alice, name="愛麗絲", language="zh-hant", time_zone="Asia/Taipei", now=NOW)
    kept = User.objects.get()
    assert (kept.name, kept.language, kept.time_zone) == ("愛麗絲", "zh-hant", "Asia/Taipei")
    changes = AuditEntry.objects.filter(action="profile.updated").order_by("id")
    assert [entry.details["after"] for entry in changes] == [
        {"language": "zh-hant"},
        {"name": "愛麗絲", "time_zone": "Asia/Taipei"},
    ]
    with pytest.raises(Refused):
        choose_language(user=alice, language="tlh", now=NOW)


@pytest.mark.parametrize(
    ("field", "email", "password"),
    [
        ("email", "not an address", PASSWORD),
        ("email", "ALICE@example.com", PASSWORD),
        ("password", "new@example.com", "short"),
        ("password", "new@example.com", "password1234"),
    ],
)
def test_an_account_needs_a_new_address_and_a_good_password(
    field: str, email: str, password: str
) -> None:
    person("alice")
    with pytest.raises(Refused) as refused:
        create_account(email=email, password=password, by=Actor.system("test"), now=NOW)
    assert refused.value.field == field
    assert User.objects.count() == 1
