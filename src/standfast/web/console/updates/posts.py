"""Posting on an open issue, resolving it, opening it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from standfast.apps.incidents.queries.issues import get_provider_issue, posts_of, templates_of
from standfast.apps.incidents.services import updating
from standfast.apps.incidents.services.fields import IssueFields, fields_of
from standfast.apps.tenancy.errors import Refused
from standfast.web.console.compose.form import texts_of
from standfast.web.console.compose.posting import NotSaved, save_form
from standfast.web.console.compose.wording import body_values, chosen_template
from standfast.web.console.frame import back_to, console_page, show
from standfast.web.console.texts import TextsForm
from standfast.web.console.updates.forms import CHANGEABLE, ReopenForm, ResolveForm, UpdateForm
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.incidents.models import Issue


@dataclass(frozen=True, slots=True)
class Writing:
    """A page on which one post is written: its form, how it is saved, what is said after.

    `stage` is where the issue must be.
    """

    template: str
    stage: str
    form: TextsForm
    save: Callable[[], object]
    done: str


@console_page("issue.publish")
def update(request: HttpRequest, reference: str) -> HttpResponse:
    """Post news on an open issue."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    form = UpdateForm(
        request.POST or None, initial=_template_body(page, issue), issue=issue, now=page.now
    )

    def save() -> None:
        data = form.cleaned_data
        updating.post_update(
            issue=issue,
            version=data["version"],
            body=form.localised("body"),
            status=data["status"],
            kind=data["kind"],
            cadence_minutes=form.cadence,
            next_update_by=form.exact,
            fields=_changed(issue, form, CHANGEABLE),
            by=page.access.actor,
            now=page.now,
        )

    done = _("The update of %(id)s is out.") % {"id": reference}
    return _write(page, issue, Writing("updates/update", "published", form, save, done))


@console_page("issue.publish")
def resolve(request: HttpRequest, reference: str) -> HttpResponse:
    """Close an issue as restored, or as a false positive."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    form = ResolveForm(
        request.POST or None, initial=_template_body(page, issue), issue=issue, now=page.now
    )

    def save() -> None:
        updating.resolve(
            issue=issue,
            version=form.cleaned_data["version"],
            body=form.localised("body"),
            status=form.cleaned_data["status"],
            end_at=form.cleaned_data["end_at"],
            fields=_changed(issue, form, ["root_cause"]),
            by=page.access.actor,
            now=page.now,
        )

    done = _("%(id)s is resolved and stands in the history now.") % {"id": reference}
    return _write(page, issue, Writing("updates/resolve", "published", form, save, done))


@console_page("issue.publish")
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a resolved issue again, for the audience that it had."""
    page = cast(PageRequest, request)
    issue = get_provider_issue(page.access, reference)
    form = ReopenForm(
        request.POST or None, initial=_template_body(page, issue), issue=issue, now=page.now
    )

    def save() -> None:
        updating.reopen(
            issue=issue,
            version=form.cleaned_data["version"],
            body=form.localised("body"),
            status=form.cleaned_data["status"],
            cadence_minutes=form.cadence,
            next_update_by=form.exact,
            by=page.access.actor,
            now=page.now,
        )

    done = _("%(id)s is open again.") % {"id": reference}
    return _write(page, issue, Writing("updates/reopen", "resolved", form, save, done))


def _write(page: PageRequest, issue: Issue, writing: Writing) -> HttpResponse:
    extra: dict[str, Any] = {}
    if issue.stage != writing.stage:
        if page.method != "POST":
            messages.warning(page, _closed(issue))
            return back_to(page, "issue", issue.reference)
        # It moved on while somebody wrote: the page keeps what was typed and says why.
        writing.form.errors.clear()
        writing.form.add_error(None, _closed(issue))
    elif page.method == "POST" and writing.form.is_valid():

        def newest() -> tuple[int, Mapping[str, Any]]:
            fresh = get_provider_issue(page.access, issue.reference)
            return fresh.version, {"status": fresh.status, **texts_of(fresh, CHANGEABLE)}

        try:
            save_form(writing.form, writing.save, newest=newest)
        except NotSaved as failed:
            extra = failed.context
        else:
            messages.success(page, writing.done)
            return back_to(page, "issue", issue.reference)
    fresh = get_provider_issue(page.access, issue.reference)
    context = {
        "issue": fresh,
        "form": writing.form,
        "last_posts": posts_of(fresh)[:3],
        "templates": templates_of(issue.provider, service_id=issue.service_id),
        "template": chosen_template(page.access, page.GET.get("template")),
    }
    return show(page, writing.template, {**context, **extra})


def _changed(issue: Issue, form: TextsForm, names: Iterable[str]) -> IssueFields:
    typed: dict[str, Any] = {name: form.localised(name) for name in names}
    return replace(fields_of(issue), **typed)


def _template_body(page: PageRequest, issue: Issue) -> dict[str, Any]:
    template = chosen_template(page.access, page.GET.get("template"))
    if template is None:
        return {}
    try:
        return dict(body_values(template, fields_of(issue)))
    except Refused as refused:
        messages.error(page, refused.message)
        return {}


def _closed(issue: Issue) -> str:
    """Why nothing can be posted at this stage."""
    if issue.stage == "resolved":
        return _("%(id)s is closed. Open it again first.") % {"id": issue.reference}
    if issue.stage == "published":
        return _("%(id)s is open already.") % {"id": issue.reference}
    return _("%(id)s is not published yet.") % {"id": issue.reference}
