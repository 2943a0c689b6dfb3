"""OpenID Connect against a small server of our own: verified addresses sign in, others do not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from standfast.apps.tenancy.models import User
from tests.apps.tenancy.people import PASSWORD, person

pytestmark = pytest.mark.django_db


class Issuer(BaseHTTPRequestHandler):
    """Answers discovery, tokens and user information; `claims` is who signs in there."""

    claims: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        if self.path.endswith("openid-configuration"):
            self._answer(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/keys",
                }
            )
        else:
            self._answer(self.claims)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer({"access_token": "at", "token_type": "Bearer", "expires_in": 60})

    def _answer(self, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        """Stay quiet."""


@pytest.fixture(autouse=True)
def _issuer(settings: Settings) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": "Harbour sign-on",
                    "client_id": "standfast",
                    "secret": "shared",
                    "settings": {"server_url": f"http://127.0.0.1:{server.server_port}"},
                }
            ]
        }
    }
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def sign_on(client: Client, **claims: Any) -> Any:
    Issuer.claims = {"sub": "subject-1", **claims}
    start = reverse("openid_connect_login", args=["oidc"])
    there = client.post(start)["Location"]
    asked = parse_qs(urlsplit(there).query)
    back = urlsplit(asked["redirect_uri"][0]).path
    return client.get(back, {"code": "c", "state": asked["state"][0]})


def test_the_sign_in_page_offers_it() -> None:
    assert b"Harbour sign-on" in Client().get(reverse("account_login")).content


def test_a_verified_address_signs_in_to_its_account_and_keeps_the_password() -> None:
    alice = person("alice")
    client = Client()
    response = sign_on(client, email="Alice@example.com", email_verified=True)
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(alice.pk)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    again = Client()
    sign_on(again, email="renamed@example.com", email_verified=True)
    assert again.session["_auth_user_id"] == str(alice.pk), "the connection outlives the address"


@pytest.mark.parametrize(
    ("email", "verified"), [("alice@example.com", False), ("stranger@example.com", True)]
)
def test_unverified_addresses_and_strangers_do_not_get_in(email: str, verified: bool) -> None:
    person("alice")
    client = Client()
    response = sign_on(client, email=email, email_verified=verified)
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1
    shown = client.get(response["Location"]) if response.status_code == 302 else response
    assert b'class="topbar"' in shown.content
