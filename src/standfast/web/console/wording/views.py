"""Listing, editing and deleting templates, with a preview of their words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.incidents.queries.issues import get_template_for, templates_of
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.incidents.services.templates import (
    delete_template,
    fill,
    placeholders,
    save_template,
)
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import Localised, pick
from standfast.engine.health.lifecycle import FIRST
from standfast.engine.health.severity import Classification
from standfast.web.console.compose.form import choices, worst_first
from standfast.web.console.frame import attempt, back_to, console_page, show
from standfast.web.console.texts import Text, TextsForm, spread
from standfast.web.entry import PageRequest

if TYPE_CHECKING:
    from standfast.apps.catalog.models import Service
    from standfast.apps.incidents.models import PostTemplate

PREVIEW = "preview"


class TemplateForm(TextsForm):
    """A template's name, when it fits, and its words."""

    texts: ClassVar[dict[str, Text]] = {
        "title": Text(gettext_lazy("Title"), rows=1),
        "user_impact": Text(gettext_lazy("User impact"), rows=3),
        "body": Text(gettext_lazy("Post"), rows=5, required=True),
    }
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        error_messages={"required": gettext_lazy("Give the template a name.")},
    )

    def __init__(self, *args: Any, services: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._services = {str(each.pk): each for each in services}
        language = get_language() or "en"
        named = [(str(each.pk), pick(each.name, language)) for each in services]
        self.add_field(
            "service",
            forms.ChoiceField(
                label=_("Service"), required=False, choices=[("", _("All services")), *named]
            ),
        )
        for name, label, values in (
            ("classification", _("Classification"), list(Classification)),
            ("status", _("Status"), worst_first(FIRST)),
        ):
            self.add_field(name, forms.ChoiceField(label=label, choices=choices(name, values)))

    @property
    def service(self) -> Service | None:
        """The service chosen, from a form that need not be valid."""
        return self._services.get(str(self["service"].value() or ""))


@console_page("issue.read")
def templates(request: HttpRequest) -> HttpResponse:
    """List the provider's templates."""
    page = cast(PageRequest, request)
    context = {"templates": templates_of(page.access.organisation)}
    return show(request, "wording/list", context)


@console_page("template.write")
def template_new(request: HttpRequest) -> HttpResponse:
    """Write a new template."""
    return _edit(cast(PageRequest, request), None)


@console_page("template.write")
def template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Change a template."""
    page = cast(PageRequest, request)
    return _edit(page, get_template_for(page.access, template_id))


@require_POST
@console_page("template.write")
def template_delete(request: HttpRequest, template_id: int) -> HttpResponse:
    """Delete a template; issues that used it keep their text."""
    page = cast(PageRequest, request)
    found = get_template_for(page.access, template_id)
    attempt(
        request,
        lambda: delete_template(template=found, by=page.access.actor, now=page.now),
        done=_("The template “%(name)s” is deleted.") % {"name": found.name},
    )
    return back_to(page, "templates")


def _edit(page: PageRequest, stored: PostTemplate | None) -> HttpResponse:
    services = services_of(page.access.organisation)
    form = TemplateForm(page.POST or None, initial=_initial(stored), services=services)
    if page.method == "POST" and PREVIEW not in page.POST and form.is_valid():
        try:
            saved = _save(page, form, stored)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(page, _("The template “%(name)s” is saved.") % {"name": saved.name})
            return back_to(page, "templates")
    if PREVIEW in page.POST:
        form = TemplateForm(initial=page.POST.dict(), services=services)
    context: dict[str, Any] = {"form": form, "template": stored, "placeholders": placeholders()}
    chosen = form.service or next(iter(services), None)
    if chosen:
        context["example"] = _example(form, chosen, page.now)
        context["example_service"] = chosen
    return show(page, "wording/edit", context)


def _save(page: PageRequest, form: TemplateForm, stored: PostTemplate | None) -> PostTemplate:
    return save_template(
        provider=page.access.organisation,
        template_id=stored.pk if stored else None,
        name=form.cleaned_data["name"],
        service=form.service,
        classification=form.cleaned_data["classification"],
        status=form.cleaned_data["status"],
        title=form.localised("title"),
        user_impact=form.localised("user_impact"),
        body=form.localised("body"),
        by=page.access.actor,
        now=page.now,
    )


def _initial(stored: PostTemplate | None) -> dict[str, Any]:
    if stored is None:
        return {"classification": "incident", "status": "investigating"}
    texts = {
        key: words
        for name in TemplateForm.texts
        for key, words in spread(name, getattr(stored, name)).items()
    }
    return {
        "name": stored.name,
        "service": str(stored.service_id or ""),
        "classification": stored.classification,
        "status": stored.status,
        **texts,
    }


def _example(form: TemplateForm, service: Service, now: datetime) -> dict[str, Localised] | str:
    """The words as they stand in the form, filled for a service; or what is wrong with them."""
    fields = IssueFields(service=service, title={}, user_impact={}, start_at=now)
    try:
        title = fill(form.typed("title"), fields=fields)
        impact = fill(form.typed("user_impact"), fields=fields)
        known = IssueFields(service=service, title=title, user_impact=impact, start_at=now)
        return {
            "title": title,
            "user_impact": impact,
            "body": fill(form.typed("body"), fields=known),
        }
    except Refused as refused:
        return refused.message
