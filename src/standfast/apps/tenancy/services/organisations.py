"""Founding and changing organisations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.queries.access import FACES
from standfast.apps.tenancy.services import checks
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.numbers import next_number
from standfast.apps.tenancy.services.outbox import announce


@transaction.atomic
def create_organisation(
    *,
    slug: str,
    name: str,
    faces: Iterable[str],
    by: Actor,
    now: datetime,
    country: str = "",
    language: str = "en",
    time_zone: str = "UTC",
) -> Organisation:
    """Found an organisation that plays `faces` (provider, tenant, partner); a tenant gets a number.

    Raises Refused naming slug, name, faces, country, language or time_zone.
    """
    organisation = Organisation(
        slug=checks.short_name("slug", slug),
        name=checks.plain_line("name", name, longest=200),
        country=checks.known_country("country", country),
        language=checks.known_language("language", language),
        time_zone=checks.known_zone("time_zone", time_zone),
        created_at=now,
    )
    if Organisation.objects.filter(slug=organisation.slug).exists():
        raise Refused("slug", _("“%(slug)s” is taken; choose another.") % {"slug": slug})
    played = _play(organisation, faces)
    organisation.save()
    record(
        by=by,
        organisation=organisation,
        action="organisation.created",
        kind="organisation",
        key=organisation.slug,
        now=now,
        name=organisation.name,
        faces=played,
    )
    return organisation


@transaction.atomic
def update_organisation(
    *,
    organisation: Organisation,
    by: Actor,
    now: datetime,
    name: str | None = None,
    country: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    faces: Iterable[str] | None = None,
) -> Organisation:
    """Change what is given. The slug stays: addresses and subscriptions carry it."""
    kept = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = _facts(kept)
    if name is not None:
        kept.name = checks.plain_line("name", name, longest=200)
    if country is not None:
        kept.country = checks.known_country("country", country)
    if language is not None:
        kept.language = checks.known_language("language", language)
    if time_zone is not None:
        kept.time_zone = checks.known_zone("time_zone", time_zone)
    if faces is not None:
        _play(kept, faces)
    changes = {field: value for field, value in _facts(kept).items() if before[field] != value}
    if changes:
        kept.save()
        record(
            by=by,
            organisation=kept,
            action="organisation.updated",
            kind="organisation",
            key=kept.slug,
            now=now,
            before={field: before[field] for field in changes},
            after=changes,
        )
        announce(kind="organisation.updated", now=now, organisation_id=kept.pk)
    return kept


def _facts(organisation: Organisation) -> dict[str, object]:
    fields = ("name", "country", "language", "time_zone", "faces")
    return {field: getattr(organisation, field) for field in fields}


def _play(organisation: Organisation, faces: Iterable[str]) -> list[str]:
    """Set the faces; a first-time tenant gets its number, which it keeps for good."""
    wanted = set(faces)
    if not wanted or not wanted <= set(FACES):
        raise Refused("faces", _("Choose one or more of: %(faces)s.") % {"faces": ", ".join(FACES)})
    for face in FACES:
        setattr(organisation, f"is_{face}", face in wanted)
    if organisation.is_tenant and organisation.number is None:
        organisation.number = next_number()
    return organisation.faces
