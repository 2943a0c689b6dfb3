"""Imports of placements: their state, progress and bad rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from standfast.apps.catalog.imports.faults import Fault
from standfast.apps.catalog.models import PlacementImport
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation

PAGE_SIZE = 25


def imports_of(provider: Organisation, *, page: int | str = 1) -> Page[PlacementImport]:
    """The provider's imports, newest first."""
    rows = PlacementImport.objects.filter(provider=provider).defer("errors").select_related("by")
    return Paginator(rows, PAGE_SIZE).get_page(page)


def get_import_for(provider: Organisation, import_id: int) -> PlacementImport:
    """One of the provider's imports. Raises NoAccess."""
    found = PlacementImport.objects.filter(provider=provider, pk=import_id).first()
    if found is None:
        raise NoAccess
    return found


def percent_of(row: PlacementImport) -> int:
    """How much of the file has been read, 0 to 100."""
    if row.state == "done":
        return 100
    return min(100, row.bytes_read * 100 // row.bytes_total) if row.bytes_total else 0


def faults_of(row: PlacementImport, *, most: int | None = None) -> list[Fault]:
    """The kept bad rows, by line."""
    return [Fault.from_json(stored) for stored in row.errors[:most]]


def error_report(faults: list[Fault]) -> Iterator[str]:
    """The bad rows as lines of CSV, for a person's spreadsheet: no cell becomes a formula."""
    yield _csv_line([_("Line"), _("Column"), _("Value"), _("Problem")])
    for fault in faults:
        yield _csv_line([str(fault.line), fault.field, fault.value, fault.message])


def _csv_line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(
        [f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell for cell in cells]
    )
    return text.getvalue()
