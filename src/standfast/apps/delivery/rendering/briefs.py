"""A notice in few words, for chats, phones and social accounts.

The templates in `brief/` have the title in their first line, then facts (a word, a tab, what it
is), an empty line, and the rest. A notice without such a template is its mail's subject and text.
"""

from __future__ import annotations

from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from standfast.channels.contract import Brief, Tone, Urgency
from standfast.engine.health.severity import Severity
from standfast.engine.health.status import Status, is_resolved

_BAD = {Status.SERVICE_INTERRUPTION}
_INFO = {Status.INVESTIGATING, Status.VERIFYING_SERVICE, Status.INVESTIGATION_SUSPENDED}
_URGENCIES: dict[str, Urgency] = {Severity.HIGH: "high", Severity.CRITICAL: "critical"}


def brief_of(template: str, context: dict[str, Any]) -> Brief | None:
    """The brief in the active language; None where there is no template for it."""
    try:
        text = render_to_string(f"brief/{template}.txt", context)
    except TemplateDoesNotExist:
        return None
    head, _blank, body = text.strip().partition("\n\n")
    title, *facts = head.split("\n")
    issue = context.get("issue")
    pairs = (fact.partition("\t") for fact in facts)
    return Brief(
        title=title.strip(),
        body=body.strip(),
        facts=tuple((name.strip(), value.strip()) for name, tab, value in pairs if tab),
        link_label=_("All updates") if issue else _("Open"),
        tone=tone_of(context.get("status", "")),
        urgency=_URGENCIES.get(issue.severity if issue else "", "normal"),
    )


def tone_of(status: str) -> Tone:
    """How bad a status sounds; of what has none, not bad at all."""
    if not status:
        return "info"
    if is_resolved(status):
        return "ok"
    if status in _BAD:
        return "bad"
    return "info" if status in _INFO else "warn"
