"""The invitation's e-mail, in every language of the interface: the reader's is not yet known."""

from __future__ import annotations

from datetime import UTC

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.models import Invitation
from standfast.apps.tenancy.roles import ROLE_NAMES


def send_invitation(invitation: Invitation, link: str) -> None:
    """Send the mail. Raises OSError (smtplib's errors included) when it cannot be handed over."""
    mail = EmailMultiAlternatives(
        subject=_subject(invitation), body=_body("txt", invitation, link), to=[invitation.email]
    )
    mail.attach_alternative(_body("html", invitation, link), "text/html")
    mail.send()


def _languages(invitation: Invitation) -> list[str]:
    """The organisation's own language first."""
    return sorted(LANGUAGES, key=lambda code: code != invitation.organisation.language)


def _subject(invitation: Invitation) -> str:
    parts = []
    for language in _languages(invitation):
        with translation.override(language):
            parts.append(
                _("Invitation to %(organisation)s") % {"organisation": invitation.organisation}
            )
    return " · ".join(dict.fromkeys(parts))


def _body(form: str, invitation: Invitation, link: str) -> str:
    context = {
        "invitation": invitation,
        "link": link,
        "until": f"{invitation.expires_at.astimezone(UTC):%Y-%m-%d %H:%M}",
        "role": ROLE_NAMES[invitation.role],
        "languages": _languages(invitation),
    }
    return render_to_string(f"email/invitation.{form}", context)
