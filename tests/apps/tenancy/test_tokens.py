"""API tokens: hashed, scoped, expiring, and never more than the person they act for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.apps.tenancy.errors import MissingScope, NoAccess, Refused
from standfast.apps.tenancy.models import ApiToken, Member, User
from standfast.apps.tenancy.queries.tokens import _halves, get_token_for, token_for, tokens_of
from standfast.apps.tenancy.roles import SCOPE_CAPABILITIES, SCOPE_NAMES, TOKEN_SCOPES
from standfast.apps.tenancy.services.tokens import admit, create_token, revoke_token
from tests.apps.tenancy.people import BY, NOW, access_of, found, person

pytestmark = pytest.mark.django_db


def test_every_scope_has_a_capability_and_words() -> None:
    assert set(TOKEN_SCOPES) == set(SCOPE_CAPABILITIES) == set(SCOPE_NAMES)


def test_a_token_is_found_by_its_text_and_the_secret_is_not_stored() -> None:
    bank = found("bank")
    token, plain = create_token(
        organisation=bank, name="dashboard", scopes=["health.read"], by=BY, now=NOW
    )
    kind, prefix, secret = plain.split("_", 2)
    assert (kind, prefix) == ("sft", token.prefix)
    assert secret not in str(ApiToken.objects.values().get())
    assert token_for(plain, scope="health.read", now=NOW) == token
    assert token.expires_at == NOW + timedelta(days=365)


def test_wrong_expired_and_revoked_tokens_are_refused_alike() -> None:
    bank = found("bank")
    token, plain = create_token(organisation=bank, name="x", scopes=["health.read"], by=BY, now=NOW)
    for wrong in ["", "sft_", plain[:-1], plain + "x", plain.replace("sft", "abc"), f"x{plain}"]:
        with pytest.raises(NoAccess) as refused:
            token_for(wrong, scope="health.read", now=NOW)
        assert refused.type is NoAccess
    with pytest.raises(NoAccess):
        token_for(plain, scope="health.read", now=NOW + timedelta(days=365))
    revoke_token(token=token, by=BY, now=NOW)
    with pytest.raises(NoAccess):
        token_for(plain, scope="health.read", now=NOW)
    with pytest.raises(Refused):
        revoke_token(token=token, by=BY, now=NOW)


def test_a_genuine_token_learns_which_scope_it_lacks() -> None:
    _token, plain = create_token(
        organisation=found("bank"), name="x", scopes=["health.read"], by=BY, now=NOW
    )
    with pytest.raises(MissingScope) as refused:
        token_for(plain, scope="catalog.read", now=NOW)
    assert refused.value.scope == "catalog.read"


def test_scopes_must_fit_the_faces() -> None:
    bank = found("bank")
    for scopes in ([], ["catalog.read"], ["health.read", "everything"]):
        with pytest.raises(Refused) as refused:
            create_token(organisation=bank, name="x", scopes=scopes, by=BY, now=NOW)
        assert refused.value.field == "scopes"
    with pytest.raises(Refused) as refused:
        create_token(
            organisation=bank,
            name="x",
            scopes=["health.read"],
            expires_in=timedelta(0),
            by=BY,
            now=NOW,
        )
    assert refused.value.field == "expires_in"
    assert not ApiToken.objects.exists()


def test_a_token_never_does_more_than_the_person_it_acts_for() -> None:
    cloud = found("cloud", "provider")
    vera = person("vera", (cloud, "viewer"))
    with pytest.raises(Refused) as refused:
        create_token(
            organisation=cloud, name="x", scopes=["catalog.write"], user=vera, by=BY, now=NOW
        )
    assert refused.value.field == "user"
    Member.objects.update(role="engineer")
    vera = User.objects.get()
    _token, plain = create_token(
        organisation=cloud, name="x", scopes=["catalog.write"], user=vera, by=BY, now=NOW
    )
    token_for(plain, scope="catalog.write", now=NOW)
    Member.objects.update(role="viewer")
    with pytest.raises(MissingScope):
        token_for(plain, scope="catalog.write", now=NOW)


def test_a_switched_off_person_switches_off_the_token() -> None:
    bank = found("bank")
    alice = person("alice", (bank, "admin"))
    _token, plain = create_token(
        organisation=bank, name="x", scopes=["health.read"], user=alice, by=BY, now=NOW
    )
    User.objects.update(is_active=False)
    with pytest.raises(NoAccess):
        token_for(plain, scope="health.read", now=NOW)


def test_use_is_noted_at_most_once_a_minute() -> None:
    _token, plain = create_token(
        organisation=found("bank"), name="x", scopes=["health.read"], by=BY, now=NOW
    )
    for seconds, noted in [(0, 0), (59, 0), (60, 60), (100, 60)]:
        admit(bearer=plain, scope="health.read", now=NOW + timedelta(seconds=seconds))
        assert ApiToken.objects.get().last_used_at == NOW + timedelta(seconds=noted)


def test_a_face_sees_its_own_tokens_and_another_organisation_none() -> None:
    both = found("both", "provider", "tenant")
    admin = person("alice", (both, "admin"))
    other = found("other")
    sam = person("sam", (other, "admin"))
    ours, _ = create_token(organisation=both, name="t", scopes=["health.read"], by=BY, now=NOW)
    theirs, _ = create_token(organisation=both, name="p", scopes=["issues.read"], by=BY, now=NOW)
    access = access_of(admin, both, "tenant", "tokens.manage")
    assert tokens_of(access) == [ours]
    for person_access, token in [
        (access, theirs),
        (access_of(sam, other, "tenant", "tokens.manage"), ours),
    ]:
        with pytest.raises(NoAccess):
            get_token_for(person_access, token.pk)


@given(st.text())
def test_any_text_splits_into_two_halves_or_none(text: str) -> None:
    prefix, secret = _halves(text)
    assert bool(prefix) == bool(secret)
    assert not prefix or text == f"sft_{prefix}_{secret}"
