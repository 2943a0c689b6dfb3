"""Django's own mail settings (password resets, invitations) from the one e-mail address setting."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from standfast.config.env import SettingError


def django_mail(url: str) -> dict[str, Any]:
    """Translate `smtp://…` or `folder:PATH` into Django's EMAIL_* settings.

    Raises SettingError when the address has another form.
    """
    if url.startswith("folder:"):
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": url.removeprefix("folder:"),
        }
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", ["none"])[0]
    if parts.scheme != "smtp" or not parts.hostname or tls not in {"none", "starttls", "tls"}:
        raise SettingError(
            "STANDFAST_EMAIL_URL: write smtp://user:password@host:port?tls=starttls|tls|none "
            "or folder:PATH."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"none": 25, "starttls": 587, "tls": 465}[tls],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "tls",
        "EMAIL_TIMEOUT": 20,
    }
