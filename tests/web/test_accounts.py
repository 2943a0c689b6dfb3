"""Signing in: password, second step, single sign-on, reset; every account page in our own look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from standfast.apps.tenancy.models import User
from tests.apps.tenancy.people import PASSWORD, found, person
from tests.web.settings.world import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def sign_in(client: Client, email: str = "alice@example.com", password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_the_right_password_signs_in_and_a_wrong_one_does_not_say_why() -> None:
    person("alice")
    client = Client()
    wrong, unknown = sign_in(client, password="x" * 12), sign_in(client, email="nobody@example.com")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert sign_in(client, email="ALICE@example.com").status_code == 302
    assert "_auth_user_id" in client.session


def test_guessing_is_slowed_down() -> None:
    person("alice")
    client = Client()
    for _guess in range(6):
        response = sign_in(client, password="wrong password 1")
    assert "_auth_user_id" not in client.session
    assert sign_in(client).status_code == 200, "even the right password waits now"
    assert "Too many" in response.content.decode()


def test_demo_logins_are_shown_in_a_demo_only(settings: Settings) -> None:
    row = {
        "role": "Administrator",
        "email": "demo@example.com",
        "password": "demo-password",
        "organisation": "Harbour Bank",
        "what": "reads",
    }
    file = Path(settings.DATA_DIR, "demo-logins.json")
    file.write_text(json.dumps([row]), encoding="utf-8")
    try:
        assert b"demo-password" not in Client().get(reverse("account_login")).content
        settings.DEMO = True
        assert b'data-fill-password="demo-password"' in Client().get("/accounts/login/").content
        file.write_text("half a fi", encoding="utf-8")
        assert Client().get("/accounts/login/").status_code == 200
    finally:
        file.unlink()


def test_a_second_step_is_asked_for_when_it_is_set_up() -> None:
    alice = person("alice")
    TOTP.activate(alice, generate_totp_secret())
    client = Client()
    response = sign_in(client)
    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_reset_by_mail_and_strangers_get_none(
    settings: Settings,
) -> None:
    person("alice")
    client = Client()
    for email in ("alice@example.com", "stranger@example.com"):
        response = client.post(reverse("account_reset_password"), {"email": email})
        assert response["Location"] == reverse("account_reset_password_done")
    [message] = mail.outbox
    assert message.to == ["alice@example.com"]
    link = next(word for word in str(message.body).split() if "/password/reset/key/" in word)
    assert link.startswith(settings.BASE_URL), "whatever the request called us"
    form = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    new = "entirely different words"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert User.objects.get().check_password(new)


def test_a_mail_server_that_is_down_tells_no_addresses_apart(settings: Settings) -> None:
    person("alice")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in ("alice@example.com", "stranger@example.com")
    ]
    assert [(it.status_code, it["Location"]) for it in answers] == [
        (302, reverse("account_reset_password_done"))
    ] * 2


def test_nobody_signs_up_by_themselves() -> None:
    response = Client().post(
        "/accounts/signup/",
        {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert response.status_code in {200, 404}
    assert not User.objects.exists()


SIGNED_OUT = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_signup",
]
SIGNED_IN = [
    "account_profile",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "socialaccount_connections",
]


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_every_account_page_has_our_frame_and_no_inline_script(language: str) -> None:
    person("alice")
    visitor, member = Client(), Client()
    sign_in(member)
    member.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for client, names in ((visitor, SIGNED_OUT), (member, SIGNED_IN)):
        for name in names:
            page = client.get(reverse(name), headers={"accept-language": language})
            html = page.content.decode()
            assert page.status_code == 200, name
            assert 'class="topbar"' in html, name
            assert "<script>" not in html, name
            assert " style=" not in html, name
            assert "'unsafe-inline'" not in page["Content-Security-Policy"]


def test_the_profile_is_saved_with_its_language_cookie() -> None:
    alice = person("alice", (found("bank"), "admin"))
    client = signed_in(alice)
    page = reverse("account_profile")
    response = client.post(
        page, {"name": "愛麗絲", "language": "zh-hant", "time_zone": "Asia/Taipei"}
    )
    assert response.cookies["django_language"].value == "zh-hant"
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("愛麗絲", "Asia/Taipei")
    wrong = client.post(page, {"name": "A", "language": "en", "time_zone": "Mars"})
    assert b"field-error" in wrong.content
    assert Client().get(page).status_code == 302
