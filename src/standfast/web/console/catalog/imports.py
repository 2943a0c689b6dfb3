"""Imports of placements: handing over a file, watching it, reading what was wrong."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.imports import (
    error_report,
    faults_of,
    get_import_for,
    imports_of,
    percent_of,
)
from standfast.apps.catalog.queries.summary import catalog_summary
from standfast.apps.catalog.services.import_queue import queue_import
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.web.console.catalog.forms import UploadForm
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.entry import PageRequest

SHOWN_FAULTS = 100


@console_page("catalog.read")
def imports(request: HttpRequest) -> HttpResponse:
    """Show the imports so far; take a file from those who may write."""
    page = cast(PageRequest, request)
    provider = page.access.organisation
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not page.access.may("catalog.write"):
            raise NoAccess
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                queued = queue_import(
                    provider=provider,
                    filename=upload.name,
                    content=upload.chunks(),
                    mode=form.cleaned_data["mode"],
                    by=page.access.actor,
                    now=page.now,
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("The file is here; the import begins in a moment."))
                return back_to(page, "import", queued.pk)
    context = {
        "form": form,
        "page": imports_of(provider, page=request.GET.get("page", "1")),
        "summary": catalog_summary(provider),
    }
    return show(request, "catalog/imports", context)


@console_page("catalog.read")
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: how far it is, what it did, which rows were wrong."""
    row = get_import_for(cast(PageRequest, request).access.organisation, import_id)
    context = {
        "row": row,
        "percent": percent_of(row),
        "faults": faults_of(row, most=SHOWN_FAULTS),
    }
    return show(request, "catalog/import", context)


@console_page("catalog.read")
def errors(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The bad rows as a file."""
    row = get_import_for(cast(PageRequest, request).access.organisation, import_id)
    response = StreamingHttpResponse(
        error_report(faults_of(row)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="import-{row.pk}-errors.csv"'
    return response
