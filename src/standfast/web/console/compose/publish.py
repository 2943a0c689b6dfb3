"""The preview page, and publishing from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from standfast.apps.incidents.queries.issues import get_provider_issue, templates_of
from standfast.apps.incidents.services.fields import fields_of
from standfast.apps.incidents.services.publishing import publish as publish_issue
from standfast.apps.incidents.services.scoping import effective_scope
from standfast.apps.responsibility.queries.chart import during
from standfast.apps.tenancy.errors import Refused
from standfast.engine.health.status import is_resolved
from standfast.web.console.cadence import PromiseForm
from standfast.web.console.compose.posting import BODY, NotSaved, save_form
from standfast.web.console.compose.preview import preview_of
from standfast.web.console.compose.wording import body_values, chosen_template
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.console.scope.address import ScopeLinks
from standfast.web.console.texts import Text
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue


class PublishForm(PromiseForm):
    """The first post and its promise."""

    texts: ClassVar[dict[str, Text]] = {"body": BODY}
    why = forms.CharField(
        label=gettext_lazy("Why this audience"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Kept for audit; tenants do not see it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


@console_page("issue.read")
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a draft as it will be; a POST carries what is being written and stores nothing."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    if issue.stage != "draft":
        messages.info(request, _("Only a draft has a preview; confirm a detected issue first."))
        return back_to(page, "issue", issue.reference)
    initial: dict[str, Any] = {"version": issue.version}
    template = chosen_template(page.access, request.GET.get("template"))
    if template:
        try:
            initial |= body_values(template, fields_of(issue))
        except Refused as refused:
            messages.error(request, refused.message)
    if request.method == "POST":
        # Unbound: a preview scolds nobody for what is not written yet.
        typed = {name: request.POST[name] for name in request.POST if name != "csrfmiddlewaretoken"}
        checked = _form(issue, page.now, data=request.POST)
        checked.is_valid()
        form = _form(issue, page.now, initial=initial | typed)
        return _page(page, issue, form, due_at=checked.due_at)
    form = _form(issue, page.now, initial=initial)
    return _page(page, issue, form, due_at=form.due_at)


@require_POST
@console_page("issue.publish")
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Publish: from now on the audience, and nobody else, sees it."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    form = _form(issue, page.now, data=request.POST)
    extra: dict[str, Any] = {}
    if form.is_valid():
        try:
            save_form(
                form, lambda: _publish(page, issue, form), newest=lambda: _newest(page, reference)
            )
        except NotSaved as failed:
            extra = failed.context
            issue = get_provider_issue(page.access, reference)
        else:
            published = get_provider_issue(page.access, reference)
            assert published.audience is not None  # publishing gave it one
            messages.success(
                request,
                _("%(id)s is published: %(count)s tenants see it now.")
                % {"id": reference, "count": published.audience.tenant_count},
            )
            return back_to(page, "issue", reference)
    return _page(page, issue, form, due_at=form.due_at, **extra)


def _publish(page: PageRequest, issue: Issue, form: PublishForm) -> None:
    publish_issue(
        issue=issue,
        version=form.cleaned_data["version"],
        body=form.localised("body"),
        cadence_minutes=form.cadence,
        next_update_by=form.exact,
        why=form.cleaned_data["why"],
        by=page.access.actor,
        now=page.now,
    )


def _newest(page: PageRequest, reference: str) -> tuple[int, Mapping[str, Any]]:
    return get_provider_issue(page.access, reference).version, {}


def _form(
    issue: Issue, now: datetime, *, data: Any = None, initial: dict[str, Any] | None = None
) -> PublishForm:
    return PublishForm(data, initial=initial, usual=issue.cadence_minutes, now=now)


def _page(
    page: PageRequest, issue: Issue, form: PublishForm, *, due_at: datetime, **extra: Any
) -> HttpResponse:
    over = is_resolved(issue.status)
    context = {
        "issue": issue,
        "form": form,
        "step": 3,
        "preview": preview_of(
            issue,
            body=form.typed("body"),
            due_at=None if over else due_at,
            wanted=page.POST.get("tenant", page.GET.get("tenant", "")),
            now=page.now,
        ),
        "duties": during(issue.provider, issue.service),
        "templates": templates_of(issue.provider, service_id=issue.service_id),
        "template": chosen_template(page.access, page.GET.get("template")),
        "over": over,
        "scope_query": ScopeLinks(effective_scope(issue)).here,
        **extra,
    }
    return show(page, "compose/preview", context)
