"""What the catalog's services ask of keys and names. Each refusal names the field and the fix."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES, Localised
from standfast.apps.tenancy.services.checks import plain_line

# As stored: PostgreSQL's integer.
MOST_USERS = 2**31 - 1
_SHORT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COMPONENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_KIND = re.compile(r"[a-z][a-z0-9 -]*")
_PREFIX = re.compile(r"[A-Z]{1,4}")
_ICON = re.compile(r"[a-z0-9-]{1,40}")


def short_key(field: str, text: str) -> str:
    """The key of a service or feature: a part of addresses and of wire formats."""
    return _matching(
        _SHORT,
        field,
        plain_line(field, text, longest=60),
        _("Use small letters, digits and hyphens, such as shared-mailboxes."),
    )


def component_key(field: str, text: str) -> str:
    """The key of a component: what monitoring labels and imports call it."""
    return _matching(
        _COMPONENT,
        field,
        plain_line(field, text, longest=100),
        _("Use letters, digits and . _ : - only, such as MBX-0173."),
    )


def component_kind(field: str, text: str) -> str:
    """A plain word for what a component is."""
    return _matching(
        _KIND,
        field,
        plain_line(field, text, longest=40).lower(),
        _("Use a plain word such as region, datacenter or server."),
    )


def issue_prefix(field: str, text: str) -> str:
    """The letters that issue ids begin with."""
    return _matching(
        _PREFIX,
        field,
        plain_line(field, text, longest=4).upper(),
        _("Use one to four letters from A to Z, such as EX."),
    )


def icon_name(field: str, text: str) -> str:
    """The name of an icon of the sprite."""
    return _matching(
        _ICON, field, text.strip(), _("Choose the name of an icon, such as stack-2 or mail.")
    )


def text_per_language(
    field: str, text: Mapping[str, str], *, longest: int, required: bool = True
) -> Localised:
    """One line per language, empty ones left out. Refusals name `field_en`, `field_zh_hant`."""
    unknown = sorted(set(text) - set(LANGUAGES))
    if unknown:
        raise Refused(
            field,
            _("%(unknown)s is no language of Standfast; use %(known)s.")
            % {"unknown": unknown[0], "known": ", ".join(LANGUAGES)},
        )
    lines = {
        code: plain_line(_in(field, code), text.get(code, ""), longest=longest, required=False)
        for code in LANGUAGES
    }
    found = {code: line for code, line in lines.items() if line}
    if required and not found:
        raise Refused(_in(field, LANGUAGES[0]), _("Fill this in, in at least one language."))
    return found


def user_count(field: str, users: int) -> int:
    """A number of users that can be stored."""
    if users < 0:
        raise Refused(field, _("A number of users cannot be negative; 0 removes the placement."))
    if users > MOST_USERS:
        raise Refused(field, _("At most %(most)s is possible.") % {"most": f"{MOST_USERS:,}"})
    return users


def _in(field: str, language: str) -> str:
    return f"{field}_{language.replace('-', '_')}"


def _matching(pattern: re.Pattern[str], field: str, text: str, fix: str) -> str:
    if not pattern.fullmatch(text):
        raise Refused(field, fix)
    return text
