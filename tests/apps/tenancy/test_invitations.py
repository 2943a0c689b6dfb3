"""Invitations: one mail in both languages, one use, seven days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import AuditEntry, Invitation, Member, Organisation, User
from standfast.apps.tenancy.queries.invitations import invitations_of, open_invitation
from standfast.apps.tenancy.services.invitations import (
    Invited,
    accept_signed_in,
    accept_with_new_account,
    invite,
    revoke_invitation,
)
from tests.apps.tenancy.people import BY, NOW, PASSWORD, access_of, found, person

pytestmark = pytest.mark.django_db


def invited(bank: Organisation, email: str = "bob@example.com", role: str = "staff") -> Invited:
    return invite(
        organisation=bank,
        email=email,
        role=role,
        link_to=lambda token: f"https://sf.example/join/{token}",
        by=BY,
        now=NOW,
    )


def token_of(it: Invited) -> str:
    return it.link.rsplit("/", 1)[1]


def test_the_mail_has_the_link_in_text_and_html_and_the_token_is_not_stored() -> None:
    it = invited(found("bank", name="Bank & <Co>"))
    [message] = mail.outbox
    assert message.to == ["bob@example.com"]
    assert str(message.body).count(it.link) == 2  # once a language
    assert "Bank & <Co>" in message.body
    [(html, kind)] = message.alternatives  # type: ignore[attr-defined]  # an EmailMultiAlternatives
    assert kind == "text/html"
    assert it.link in html
    assert "Bank &amp; &lt;Co&gt;" in html
    assert 'lang="zh-hant"' in html
    assert token_of(it) not in str(Invitation.objects.values().get())


def test_a_new_person_accepts_with_a_password_and_is_a_member() -> None:
    it = invited(found("bank"))
    user = accept_with_new_account(
        invitation=open_invitation(token_of(it), now=NOW),
        name="Bob",
        password=PASSWORD,
        language="zh-hant",
        now=NOW,
    )
    assert user.check_password(PASSWORD)
    assert (user.email, user.language) == ("bob@example.com", "zh-hant")
    assert Member.objects.get().role == "staff"
    with pytest.raises(NoAccess):
        open_invitation(token_of(it), now=NOW)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"invitation.sent", "invitation.accepted", "member.added"} <= actions


def test_a_weak_password_leaves_the_invitation_open_and_makes_no_account() -> None:
    it = invited(found("bank"))
    with pytest.raises(Refused) as refused:
        accept_with_new_account(
            invitation=it.invitation, name="Bob", password="bob", language="en", now=NOW
        )
    assert refused.value.field == "password"
    assert not User.objects.exists()
    assert open_invitation(token_of(it), now=NOW) == it.invitation


def test_only_the_invited_address_may_accept() -> None:
    it = invited(found("bank"))
    with pytest.raises(Refused, match=r"bob@example\.com"):
        accept_signed_in(invitation=it.invitation, user=person("eve"), now=NOW)
    assert not Member.objects.exists()


def test_a_second_click_does_not_accept_twice() -> None:
    it = invited(found("bank"))
    bob = person("bob")
    accept_signed_in(invitation=it.invitation, user=bob, now=NOW)
    with pytest.raises(Refused, match="no longer open"):
        accept_signed_in(invitation=it.invitation, user=bob, now=NOW)
    assert Member.objects.count() == 1


def test_links_end_after_seven_days_and_when_taken_back_or_replaced() -> None:
    bank = found("bank")
    first = invited(bank)
    open_invitation(token_of(first), now=NOW + timedelta(days=7, seconds=-1))
    with pytest.raises(NoAccess):
        open_invitation(token_of(first), now=NOW + timedelta(days=7))
    second = invited(bank)
    with pytest.raises(NoAccess):
        open_invitation(token_of(first), now=NOW)
    revoke_invitation(invitation=second.invitation, by=BY, now=NOW)
    with pytest.raises(NoAccess):
        open_invitation(token_of(second), now=NOW)
    with pytest.raises(Refused):
        revoke_invitation(invitation=second.invitation, by=BY, now=NOW)


def test_members_roles_and_addresses_are_checked() -> None:
    bank = found("bank")
    person("alice", (bank, "admin"))
    for field, email, role in [
        ("email", "nobody", "staff"),
        ("role", "bob@example.com", "owner"),
        ("email", "Alice@example.com", "admin"),
    ]:
        with pytest.raises(Refused) as refused:
            invited(bank, email, role)
        assert refused.value.field == field
    assert mail.outbox == []


def test_a_mail_server_that_is_down_does_not_lose_the_invitation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down(*args: object) -> None:
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("standfast.apps.tenancy.services.invitations.send_invitation", down)
    it = invited(found("bank"))
    assert it.mailed is False
    assert open_invitation(token_of(it), now=NOW) == it.invitation


def test_open_invitations_are_listed_to_the_face_that_they_are_for() -> None:
    both = found("both", "provider", "tenant")
    admin = person("alice", (both, "admin"))
    invited(both, "bob@example.com", "owner")
    mine = invited(both, "carol@example.com", "staff")
    access = access_of(admin, both, "tenant", "members.manage")
    assert invitations_of(access) == [mine.invitation]
