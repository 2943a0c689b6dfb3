"""What tenancy's services ask of texts that people type. Each names the field and the fix."""

from __future__ import annotations

import unicodedata
import zoneinfo
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.utils.translation import gettext as _

from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import FACES


def plain_line(field: str, text: str, *, longest: int, required: bool = True) -> str:
    """Return `text` trimmed: one line, no control characters, at most `longest` characters."""
    line = text.strip()
    if required and not line:
        raise Refused(field, _("Fill this in."))
    if len(line) > longest:
        raise Refused(
            field,
            _("Use at most %(most)d characters; these are %(count)d.")
            % {"most": longest, "count": len(line)},
        )
    if any(unicodedata.category(character) == "Cc" for character in line):
        raise Refused(field, _("Remove line breaks, tabs and other control characters."))
    return line


def email_address(field: str, text: str) -> str:
    """Return the address in lower case, if it has the form of one."""
    address = plain_line(field, text, longest=254).lower()
    return _checked(field, validate_email, address, _("Write an address such as name@example.com."))


def short_name(field: str, text: str) -> str:
    """Return a slug: it becomes a part of addresses."""
    slug = plain_line(field, text, longest=60).lower()
    return _checked(
        field,
        validate_slug,
        slug,
        _("Use letters, digits and hyphens only, such as acme-bank."),
    )


def known_language(field: str, code: str, *, required: bool = True) -> str:
    """Return a language code that the interface has (or '' when none is required)."""
    if code in LANGUAGES or (not code and not required):
        return code
    raise Refused(
        field,
        _("Choose one of these languages: %(languages)s.") % {"languages": ", ".join(LANGUAGES)},
    )


def known_zone(field: str, name: str, *, required: bool = True) -> str:
    """Return the name of an IANA time zone (or '' when none is required).

    A city will do where there is only one of its name: “taipei”, “new york”.
    """
    if not name and not required:
        return ""
    known = zoneinfo.available_timezones()
    if name in known:
        return name
    wanted = "_".join(name.casefold().split())
    found = {
        zone
        for zone in known
        if wanted == zone.casefold() or ("/" in zone and wanted == zone.casefold().split("/")[-1])
    }
    if len(found) == 1:
        return found.pop()
    raise Refused(field, _("Choose a time zone by its IANA name, such as Asia/Taipei."))


def known_country(field: str, code: str) -> str:
    """Return a two-letter country code in capitals, or ''."""
    country = code.strip().upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise Refused(field, _("Use the two letters of ISO 3166, such as TW."))
    return country


def fitting_role(organisation: Organisation, role: str) -> str:
    """Return `role` if a face of the organisation has it."""
    fitting = [name for face in organisation.faces for name in FACES[face]]
    if role in fitting:
        return role
    raise Refused(
        "role",
        _("%(organisation)s has no such role; choose one of: %(roles)s.")
        % {"organisation": organisation.name, "roles": ", ".join(fitting)},
    )


def _checked(field: str, validate: Callable[[str], None], text: str, fix: str) -> str:
    try:
        validate(text)
    except ValidationError as error:
        raise Refused(field, fix) from error
    return text
