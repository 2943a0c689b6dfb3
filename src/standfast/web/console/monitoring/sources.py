"""Sources: the list with their health, one source, its credential."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from standfast.apps.ingest.queries.sources import (
    get_source_for,
    rules_of,
    sources_of,
    state_of,
    unplaced_alerts,
)
from standfast.apps.ingest.services.sources import (
    change_source,
    create_source,
    delete_source,
    rotate_credential,
)
from standfast.apps.tenancy.errors import Refused
from standfast.feeds.registry import FEEDS, get_feed
from standfast.web.console.frame import attempt, back_to, console_page, show
from standfast.web.console.monitoring.setup import setup_of
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm
from standfast.web.once import show_once, shown_once


class SourceForm(StyledForm):
    """What a new source needs."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("It sends"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, feed.name) for kind, feed in FEEDS.items()]  # type: ignore[attr-defined]  # a ChoiceField


@console_page("catalog.read")
def sources(request: PageRequest) -> HttpResponse:
    """Every source with its health."""
    provider = request.access.organisation
    found = sources_of(provider, now=request.now)
    context = {
        "sources": found,
        "failing": [each for each in found if each.state == "failing"],
        "firing": sum(each.firing for each in found),
        "unplaced": unplaced_alerts(provider).paginator.count,
    }
    return show(request, "monitoring/list", context)


@console_page("ingest.manage")
def source_new(request: PageRequest) -> HttpResponse:
    """Make a source; its page then shows the credential once."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, credential = create_source(
                provider=request.access.organisation,
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                by=request.access.actor,
                now=request.now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            show_once(request, f"source {made.pk}", credential)
            return back_to(request, "source", made.pk)
    return show(request, "monitoring/new", {"form": form})


@never_cache
@console_page("catalog.read")
def source(request: PageRequest, source_id: int) -> HttpResponse:
    """One source: where it posts to, its rules, its health."""
    found = get_source_for(request.access, source_id)
    credential = ""
    if request.access.may("ingest.manage"):
        credential = shown_once(request, f"source {found.pk}")
    context = {
        "source": found,
        "feed": get_feed(found.kind),
        "state": state_of(found, now=request.now),
        "rules": rules_of(found),
        "unplaced": unplaced_alerts(request.access.organisation, source=found).paginator.count,
        "credential": credential,
        "setup": setup_of(found, credential),
    }
    return show(request, "monitoring/source", context)


@require_POST
@console_page("ingest.manage")
def source_change(request: PageRequest, source_id: int) -> HttpResponse:
    """Rename it, or switch it on or off."""
    found = get_source_for(request.access, source_id)
    attempt(
        request,
        lambda: change_source(
            source=found,
            name=request.POST.get("name", found.name),
            is_active=request.POST.get("active", "on") == "on",
            by=request.access.actor,
            now=request.now,
        ),
        done=_("Saved."),
    )
    return back_to(request, "source", found.pk)


@require_POST
@console_page("ingest.manage")
def source_rotate(request: PageRequest, source_id: int) -> HttpResponse:
    """Make a new credential; the old one works for a day."""
    found = get_source_for(request.access, source_id)
    credential = rotate_credential(source=found, by=request.access.actor, now=request.now)
    show_once(request, f"source {found.pk}", credential)
    return back_to(request, "source", found.pk)


@require_POST
@console_page("ingest.manage")
def source_delete(request: PageRequest, source_id: int) -> HttpResponse:
    """Remove it with its rules and alerts."""
    found = get_source_for(request.access, source_id)
    attempt(
        request,
        lambda: delete_source(source=found, by=request.access.actor, now=request.now),
        done=_("The source “%(name)s” is deleted.") % {"name": found.name},
    )
    return back_to(request, "sources")
