"""The rules editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from standfast.apps.catalog.queries.services import services_of
from standfast.apps.ingest.queries.sources import get_rule_for, get_source_for
from standfast.apps.ingest.services.rules import RuleFields, delete_rule, move_rule, save_rule
from standfast.apps.tenancy.errors import Refused
from standfast.engine.health.lifecycle import FIRST
from standfast.engine.health.severity import Classification, Severity
from standfast.engine.health.status import WORST_FIRST
from standfast.feeds.rules import MOST_MATCHERS, OPERATORS
from standfast.web.console.frame import attempt, back_to, console_page, show
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.labels import label_of

if TYPE_CHECKING:
    from standfast.apps.ingest.models import AlertSource, LabelRule

SPARE_ROWS = 3


class RuleForm(StyledForm):
    """Everything of a rule but its matchers, which are rows of their own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    service = forms.ChoiceField(label=gettext_lazy("Service"))
    component = forms.CharField(
        label=gettext_lazy("Component"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "The key of a component, or labels in braces: {mailbox_database}. "
            "Empty when only the service is known."
        ),
    )
    feature = forms.CharField(
        label=gettext_lazy("Feature"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("The key of a feature of the service."),
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Labels in braces are filled in; {annotations.summary} is an annotation. "
            "Empty: the alert's name."
        ),
    )
    title_zh_hant = forms.CharField(
        label=gettext_lazy("Title in Traditional Chinese"), required=False, max_length=200
    )
    classification = forms.ChoiceField(label=gettext_lazy("Classification"))
    status = forms.ChoiceField(label=gettext_lazy("Status"))
    severity = forms.ChoiceField(label=gettext_lazy("Severity"))
    auto_publish = forms.BooleanField(
        label=gettext_lazy("Publish without confirmation"),
        required=False,
        help_text=gettext_lazy(
            "Tenants are told at once, before a person has looked. Use it for alerts without doubt."
        ),
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in {
            "service": services,
            "classification": _choices("classification", list(Classification)),
            "status": _choices("status", [each for each in WORST_FIRST if each in FIRST]),
            "severity": _choices("severity", list(Severity)),
        }.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # ChoiceFields


@console_page("ingest.manage")
def rule_new(request: PageRequest, source_id: int) -> HttpResponse:
    """Add a rule at the end."""
    return _edit(request, get_source_for(request.access, source_id), None)


@console_page("ingest.manage")
def rule(request: PageRequest, rule_id: int) -> HttpResponse:
    """Change a rule."""
    found = get_rule_for(request.access, rule_id)
    return _edit(request, found.source, found)


@require_POST
@console_page("ingest.manage")
def rule_move(request: PageRequest, rule_id: int) -> HttpResponse:
    """Ask it one place earlier or later."""
    found = get_rule_for(request.access, rule_id)
    up = request.POST.get("to") == "up"
    move_rule(rule=found, up=up, by=request.access.actor, now=request.now)
    return back_to(request, "source", found.source_id)


@require_POST
@console_page("ingest.manage")
def rule_delete(request: PageRequest, rule_id: int) -> HttpResponse:
    """Remove it."""
    found = get_rule_for(request.access, rule_id)
    attempt(
        request,
        lambda: delete_rule(rule=found, by=request.access.actor, now=request.now),
        done=_("The rule “%(name)s” is deleted.") % {"name": found.name},
    )
    return back_to(request, "source", found.source_id)


def _edit(request: PageRequest, source: AlertSource, rule: LabelRule | None) -> HttpResponse:
    services = [(each.key, str(each)) for each in services_of(request.access.organisation)]
    if rule is not None and rule.service not in dict(services):
        services.append((rule.service, rule.service))
    form = RuleForm(request.POST or None, initial=_initial(rule), services=services)
    matchers = _posted(request) if request.method == "POST" else _stored(rule)
    matcher_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            save_rule(
                source=source,
                rule=rule,
                fields=_fields(form.cleaned_data, matchers),
                by=request.access.actor,
                now=request.now,
            )
        except Refused as refused:
            if refused.field == "matchers":
                matcher_errors = [refused.message]
            else:
                form.refuse(refused)
        else:
            return back_to(request, "source", source.pk)
    context = {
        "source": source,
        "rule": rule,
        "form": form,
        "matchers": [*matchers, *[("", "=", "")] * SPARE_ROWS][:MOST_MATCHERS],
        "matcher_errors": matcher_errors,
        "operators": OPERATORS,
    }
    return show(request, "monitoring/rule", context)


def _initial(rule: LabelRule | None) -> dict[str, Any]:
    if rule is None:
        return {"status": "investigating"}
    names = ("name", "service", "component", "feature", "classification", "status", "severity")
    titles = {f"title_{code.replace('-', '_')}": text for code, text in rule.title.items()}
    plain = {name: getattr(rule, name) for name in (*names, "auto_publish")}
    return plain | titles


def _fields(given: dict[str, Any], matchers: list[tuple[str, str, str]]) -> RuleFields:
    titles = {"en": given.pop("title_en"), "zh-hant": given.pop("title_zh_hant")}
    return RuleFields(**given, title=titles, matchers=matchers)


def _posted(request: PageRequest) -> list[tuple[str, str, str]]:
    """The rows that name a label; empty rows are left out."""
    columns = (request.POST.getlist(f"matcher_{name}") for name in ("label", "operator", "value"))
    return [row for row in zip(*columns, strict=False) if row[0].strip() or row[2].strip()]


def _stored(rule: LabelRule | None) -> list[tuple[str, str, str]]:
    return [(label, operator, value) for label, operator, value in rule.matchers] if rule else []


def _choices(kind: str, values: list[Any]) -> list[tuple[str, str]]:
    return [(value.value, label_of(kind, value.value)) for value in values]
