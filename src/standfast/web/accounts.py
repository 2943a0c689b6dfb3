"""django-allauth's hooks: accounts begin with an invitation, or with single sign-on for members."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

_log = structlog.get_logger(__name__)


def lasting_address(name: str, *args: str) -> str:
    """The full address of a page for use outside of pages, in mails."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No open sign-up: an administrator invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Links in mails start with our own address, never with what a request calls us."""
        return lasting_address("account_reset_password_from_key", *key.split("-", 1))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down must not tell apart addresses with and without an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors are OSErrors too
            _log.warning("account mail not sent", template=template_prefix, error=str(error))


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types
    """Single sign-on signs in people who have an account under the address that it vouches for."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One account of the demo, shown on the sign-in page so that a click fills the form."""

    role: str
    email: str
    password: str
    organisation: str
    what: str


def demo_logins() -> list[DemoLogin]:
    """The demo's accounts as its seeder wrote them; none outside a demo."""
    if not settings.DEMO:
        return []
    file = Path(settings.DATA_DIR, "demo-logins.json")
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # being written, or not yet there: the form works without
        return []
    return [DemoLogin(**{**row, **_in_our_language(row)}) for row in rows]


def _in_our_language(row: dict[str, str]) -> dict[str, str]:
    # The seeder wrote them in English: “Provider: Owner” and a sentence.
    role, what = row["role"].split(": "), row["what"]
    return {"role": ": ".join(gettext(part) for part in role), "what": gettext(what)}
