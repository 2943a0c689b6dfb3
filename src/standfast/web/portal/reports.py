"""Problems that we see and the dashboard does not show: report them, follow the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from standfast.apps.catalog.queries.features import features_by_service
from standfast.apps.catalog.queries.services import subscribed_services
from standfast.apps.incidents.queries.reports import reports_of_tenant, waiting_reports
from standfast.apps.incidents.queries.seen import seen_by
from standfast.apps.incidents.services.reports import report_problem
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised, pick
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.portal.frame import portal_page, show

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Feature, Service

PAGE_SIZE = 20


class ReportForm(StyledForm):
    """What is wrong, and where."""

    service = forms.TypedChoiceField(label=gettext_lazy("Service"), coerce=int)
    feature = forms.TypedChoiceField(
        label=gettext_lazy("Part of it"), coerce=int, required=False, empty_value=None
    )
    description = forms.CharField(
        label=gettext_lazy("What happens"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Since when, for whom, and what the error says. Leave out passwords and personal data."
        ),
    )

    def __init__(self, services: list[Service], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = {service.pk: service for service in services}
        features = features_by_service(services)
        self.features = {each.pk: each for found in features.values() for each in found}
        self._choose("service", [(service.pk, _words(service.name)) for service in services])
        groups = [
            (_words(service.name), [(each.pk, _words(each.name)) for each in features[service.pk]])
            for service in services
            if features[service.pk]
        ]
        self._choose("feature", groups)

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("Choose…")), *choices]

    @property
    def chosen_service(self) -> Service:
        return self.services[self.cleaned_data["service"]]

    @property
    def chosen_feature(self) -> Feature | None:
        return self.features.get(self.cleaned_data["feature"])


@portal_page("report.write")
def reports(request: PageRequest) -> HttpResponse:
    """The tenant's reports with their answers, and the form for another one."""
    tenant = request.access.organisation
    services = subscribed_services(tenant)
    form = ReportForm(services, request.POST or None, initial={"service": _asked_for(request)})
    if request.method == "POST" and form.is_valid():
        try:
            report_problem(
                tenant=tenant,
                service=form.chosen_service,
                feature=form.chosen_feature,
                description=form.cleaned_data["description"],
                by=request.access.actor,
                now=request.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("Your report is with the provider. Its answer will be shown here.")
            )
            return redirect("portal:reports", slug=tenant.slug)
    page = Paginator(reports_of_tenant(tenant), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "services": services,
        "waiting": waiting_reports(tenant),
        # A provider may tie a report to an issue that this tenant was not told of.
        "seen": seen_by(
            tenant, [each.issue_id for each in page.object_list if each.issue_id], now=request.now
        ),
    }
    return show(request, "reports", context)


def _asked_for(request: PageRequest) -> int | None:
    asked = request.GET.get("service", "")
    return int(asked) if asked.isdecimal() and len(asked) < 18 else None


def _words(text: Localised) -> str:
    return pick(text, get_language() or "en")
