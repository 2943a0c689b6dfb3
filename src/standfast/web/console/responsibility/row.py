"""Changing one row of the chart: its owner, and what each side does, in both languages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from standfast.apps.responsibility.chart import OWNERS, TEXTS, ChartRow
from standfast.apps.responsibility.queries.chart import chart_for
from standfast.apps.responsibility.services.chart import (
    RowTexts,
    add_row,
    hide_row,
    reset_row,
    set_row,
)
from standfast.apps.tenancy.errors import Refused
from standfast.web.console.frame import console_page, show
from standfast.web.console.responsibility.place import back_to_chart, service_of
from standfast.web.console.texts import Text, TextsForm, spread
from standfast.web.entry import PageRequest
from standfast.web.labels import label_of


class RowForm(TextsForm):
    """A row. A text left empty: this side has nothing to do."""

    texts: ClassVar[dict[str, Text]] = {
        "name": Text(gettext_lazy("Responsibility"), rows=1, required=True),
        "regular_customer": Text(gettext_lazy("Day by day: what the customer does"), rows=3),
        "regular_provider": Text(gettext_lazy("Day by day: what the provider does"), rows=3),
        "incident_customer": Text(gettext_lazy("During an incident: the customer's to do"), rows=3),
        "incident_provider": Text(
            gettext_lazy("During an incident: what the provider is doing"), rows=3
        ),
    }
    owner = forms.ChoiceField(label=gettext_lazy("Whose it is"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [(name, label_of("owner", name)) for name in OWNERS]

    @property
    def row_texts(self) -> RowTexts:
        return RowTexts(**{name: self.localised(name) for name in self.texts})


@console_page("responsibility.write")
def edit(request: PageRequest, key: str) -> HttpResponse:
    """Change a row, for one service or for all."""
    provider, service = request.access.organisation, service_of(request)
    row = chart_for(provider, service).row(key)
    if row is None:
        raise Http404
    form = RowForm(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            set_row(
                provider=provider,
                service=service,
                key=key,
                owner=form.cleaned_data["owner"],
                texts=form.row_texts,
                by=request.access.actor,
                now=request.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved. Customers see it from now on."))
            return back_to_chart(request, service)
    return show(request, "responsibility/row", {"form": form, "row": row, "service": service})


@console_page("responsibility.write")
def add(request: PageRequest) -> HttpResponse:
    """Add a responsibility that the chart does not know."""
    service = service_of(request)
    form = RowForm(request.POST or None, initial={"owner": "provider"})
    if request.method == "POST" and form.is_valid():
        try:
            add_row(
                provider=request.access.organisation,
                service=service,
                owner=form.cleaned_data["owner"],
                texts=form.row_texts,
                by=request.access.actor,
                now=request.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Added. Customers see it from now on."))
            return back_to_chart(request, service)
    return show(request, "responsibility/row", {"form": form, "row": None, "service": service})


@require_POST
@console_page("responsibility.write")
def hide(request: PageRequest, key: str) -> HttpResponse:
    """Take a row off the chart."""
    service = service_of(request)
    hide_row(
        provider=request.access.organisation,
        service=service,
        key=key,
        by=request.access.actor,
        now=request.now,
    )
    messages.success(request, _("Taken off the chart. You can bring it back below."))
    return back_to_chart(request, service)


@require_POST
@console_page("responsibility.write")
def reset(request: PageRequest, key: str) -> HttpResponse:
    """Drop what was changed here."""
    service = service_of(request)
    reset_row(
        provider=request.access.organisation,
        service=service,
        key=key,
        by=request.access.actor,
        now=request.now,
    )
    messages.success(request, _("What was changed here is gone; the audit log keeps it."))
    return back_to_chart(request, service)


def _initial(row: ChartRow) -> dict[str, str]:
    texts = {name: spread(name, getattr(row, name)) for name in ("name", *TEXTS)}
    return {"owner": row.owner} | {
        field: text for each in texts.values() for field, text in each.items()
    }
