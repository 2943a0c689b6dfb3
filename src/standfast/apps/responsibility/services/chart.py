"""Changing the chart of a provider, or of one of its services; every change is audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from standfast.apps.catalog.models import Service
from standfast.apps.incidents.services.wording import checked
from standfast.apps.responsibility.chart import OWNERS, TEXTS, ChartRow
from standfast.apps.responsibility.models import ChartEntry
from standfast.apps.responsibility.queries.chart import chart_for
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.languages import Localised
from standfast.apps.tenancy.models import Organisation
from standfast.apps.tenancy.services.audit import record

LONGEST_NAME = 120
LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class RowTexts:
    """What a row says, per language. An empty text: this side has nothing to do."""

    name: Localised
    regular_provider: Localised = field(default_factory=dict)
    regular_customer: Localised = field(default_factory=dict)
    incident_provider: Localised = field(default_factory=dict)
    incident_customer: Localised = field(default_factory=dict)


@transaction.atomic
def set_row(
    *,
    provider: Organisation,
    service: Service | None,
    key: str,
    owner: str,
    texts: RowTexts,
    by: Actor,
    now: datetime,
) -> ChartEntry:
    """Write a row that the chart has, for one service or (service None) for all of them.

    Raises Refused naming owner or `<text>_<language>`, NoAccess for a row that is not there.
    """
    current = _current_row(provider, service, key)
    values = _checked(owner, texts)
    entry = _store(provider, service, current, values | {"hidden": False})
    _audit("chart.row_set", provider, service, key, by=by, now=now, before=_as_json(current))
    return entry


@transaction.atomic
def add_row(
    *,
    provider: Organisation,
    service: Service | None,
    owner: str,
    texts: RowTexts,
    by: Actor,
    now: datetime,
) -> ChartEntry:
    """Add a responsibility that the default chart does not know; it stands last of its owner's."""
    values = _checked(owner, texts)
    chart = chart_for(provider, service)
    stem = slugify(texts.name.get("en", ""))[:50] or "row"
    key, number = stem, 2
    while chart.row(key) or _is_used(provider, key):
        key, number = f"{stem}-{number}", number + 1
    last = ChartEntry.objects.filter(provider=provider).aggregate(last=Max("position"))["last"]
    entry = ChartEntry.objects.create(
        provider=provider, service=service, key=key, position=(last or 0) + 1, **values
    )
    _audit("chart.row_added", provider, service, key, by=by, now=now, name=entry.name)
    return entry


@transaction.atomic
def hide_row(
    *, provider: Organisation, service: Service | None, key: str, by: Actor, now: datetime
) -> None:
    """Take a row off the chart. What it said is kept, and `reset_row` brings it back."""
    current = _current_row(provider, service, key)
    values = {"owner": current.owner, "name": current.name, "hidden": True}
    values |= {text: getattr(current, text) for text in TEXTS}
    _store(provider, service, current, values)
    _audit("chart.row_hidden", provider, service, key, by=by, now=now)


@transaction.atomic
def reset_row(
    *, provider: Organisation, service: Service | None, key: str, by: Actor, now: datetime
) -> None:
    """Drop what was changed here: the row is again as in the chart above, or gone if added here."""
    current = _current_row(provider, service, key)
    dropped, _kinds = ChartEntry.objects.filter(
        provider=provider, service=service, key=key
    ).delete()
    if dropped:
        _audit("chart.row_reset", provider, service, key, by=by, now=now, before=_as_json(current))


def _current_row(provider: Organisation, service: Service | None, key: str) -> ChartRow:
    if service and service.provider_id != provider.pk:
        raise NoAccess
    row = chart_for(provider, service).row(key)
    if row is None:
        raise NoAccess
    return row


def _is_used(provider: Organisation, key: str) -> bool:
    """Whether another service's chart has the key; one key means one responsibility."""
    return ChartEntry.objects.filter(provider=provider, key=key).exists()


def _store(
    provider: Organisation, service: Service | None, current: ChartRow, values: Mapping[str, object]
) -> ChartEntry:
    entry, _created = ChartEntry.objects.update_or_create(
        provider=provider,
        service=service,
        key=current.key,
        defaults=values,
        create_defaults={**values, "position": current.position},
    )
    return entry


def _checked(owner: str, texts: RowTexts) -> dict[str, object]:
    if owner not in OWNERS:
        raise Refused("owner", _("Choose the customer, the provider or both."))
    values: dict[str, object] = {
        text: checked(text, getattr(texts, text), longest=LONGEST_TEXT) for text in TEXTS
    }
    name = checked("name", texts.name, required=True, longest=LONGEST_NAME)
    return values | {"owner": owner, "name": name}


def _as_json(row: ChartRow) -> dict[str, object]:
    return {"owner": row.owner, "name": row.name} | {text: getattr(row, text) for text in TEXTS}


def _audit(
    action: str,
    provider: Organisation,
    service: Service | None,
    key: str,
    *,
    by: Actor,
    now: datetime,
    **details: object,
) -> None:
    record(
        by=by,
        organisation=provider,
        action=action,
        kind="responsibility",
        key=key,
        now=now,
        service=service.key if service else None,
        **details,
    )
