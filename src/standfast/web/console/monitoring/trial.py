"""Trying a payload against the rules: nothing is stored."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from standfast.apps.ingest.queries.sources import get_source_for
from standfast.apps.ingest.queries.trial import Trial, try_payload
from standfast.apps.ingest.queries.wording import in_words
from standfast.feeds.errors import FeedError
from standfast.web.console.frame import console_page, show
from standfast.web.entry import PageRequest
from standfast.web.forms import StyledForm

_EXAMPLES = {
    "alertmanager": """\
{
  "version": "4",
  "groupKey": "{}:{alertname=\\"DatabaseDown\\"}",
  "status": "firing",
  "alerts": [
    {
      "status": "firing",
      "labels": {"alertname": "DatabaseDown", "mailbox_database": "mbx-0173"},
      "annotations": {"summary": "Mailbox database mbx-0173 is down."},
      "startsAt": "2026-01-31T14:00:00Z",
      "endsAt": "0001-01-01T00:00:00Z"
    }
  ]
}""",
    "generic": """\
{
  "id": "disk-17",
  "status": "firing",
  "title": "Disk full on mbx-0173",
  "service": "mail",
  "component": "mbx-0173",
  "started_at": "2026-01-31T14:00:00Z"
}""",
}


class TrialForm(StyledForm):
    """One payload."""

    payload = forms.CharField(
        label=_("Payload"),
        help_text=_("The JSON that your monitoring system posts. Nothing is stored."),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "mono"}),
        max_length=1_000_000,
    )


@console_page("catalog.read")
def trial(request: PageRequest, source_id: int) -> HttpResponse:
    """Show the form; after posting also what the rules make of each alert."""
    source = get_source_for(request.access, source_id)
    form = TrialForm(request.POST or None, initial={"payload": _EXAMPLES.get(source.kind, "")})
    tried: list[Trial] = []
    if request.method == "POST" and form.is_valid():
        try:
            tried = try_payload(source, form.cleaned_data["payload"])
        except FeedError as error:
            form.add_error("payload", in_words(error.whole))
    return show(request, "monitoring/try", {"source": source, "form": form, "tried": tried})
