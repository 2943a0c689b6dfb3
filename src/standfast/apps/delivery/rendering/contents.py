"""What a notice says, rendered once per language; slots stay open for what is personal."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from standfast.apps.delivery.models import Notice
from standfast.apps.delivery.rendering.briefs import brief_of
from standfast.apps.delivery.rendering.digests import covered_by, stories_of
from standfast.apps.delivery.rendering.maintenance import maintenance_context, works_of
from standfast.apps.tenancy.languages import pick, written_in
from standfast.channels.contract import Content, slot
from standfast.engine.health.status import is_resolved

# The kind of a notice → its templates (subject, text and HTML) in templates/email.
TEMPLATES = {
    "post": "post",
    "closing": "post",
    "detected": "warning",
    "due_soon": "warning",
    "overdue": "warning",
    "test": "test",
    "digest": "digest",
    "maintenance": "maintenance",
    "confirm": "confirm",
    "subscribed": "subscribed",
}
# What `personal` fills in per recipient.
SLOTS = (
    *("link", "issues_link", "maintenance_link", "settings_link", "unsubscribe_link"),
    *("confirm_link", "organisation", "affected", "due", "window", "window_before"),
)


def content_of(notice: Notice, language: str) -> Content:
    """Render the notice in one language."""
    name = TEMPLATES[notice.kind]
    with translation.override(language):
        context = _context(notice, language)
        return Content(
            subject=" ".join(render_to_string(f"email/{name}_subject.txt", context).split()),
            text=_tidy(render_to_string(f"email/{name}.txt", context)),
            html=render_to_string(f"email/{name}.html", context),
            language=language,
            thread=_thread(notice),
            brief=brief_of(name, context),
            trial=notice.kind == "test",
        )


def _context(notice: Notice, language: str) -> dict[str, Any]:
    context: dict[str, Any] = {name: slot(name) for name in SLOTS}
    context |= {"kind": notice.kind, "language": language}
    if notice.issue is not None:
        context |= _issue(notice, language)
    if notice.kind == "digest":
        covered = covered_by(notice)
        stories, works = stories_of(covered, language), works_of(covered, language)
        context |= {"stories": stories, "works": works, "count": len(stories) + len(works)}
    if notice.message_update is not None:
        event = notice.event
        announces = event is not None and event.kind == "maintenance.scheduled"
        context |= maintenance_context(notice.message_update, language, announces=announces)
    return context


def _thread(notice: Notice) -> str:
    if notice.issue is not None:
        return f"issue-{notice.issue.reference}"
    update = notice.message_update
    return f"maintenance-{update.message.reference}" if update else ""


def _issue(notice: Notice, language: str) -> dict[str, Any]:
    issue, post = notice.issue, notice.post
    assert issue is not None
    status = post.status if post else issue.status
    return {
        "issue": issue,
        "title": pick(issue.title, language),
        "service": pick(issue.service.name, language),
        "feature": pick(issue.feature.name, language) if issue.feature else "",
        "user_impact": pick(issue.user_impact, language),
        "workaround": pick(issue.workaround, language),
        "status": status,
        "resolved": is_resolved(status),
        "body": pick(post.body, language) if post else "",
        "translated": post is None or written_in(post.body, language),
        "has_due": bool(post.next_update_by if post else issue.next_update_by),
        "is_unclear": bool(post and post.audience.unclear),
    }


def _tidy(text: str) -> str:
    """At most one blank line in a row; templates leave more where they leave something out."""
    lines: list[str] = []
    for line in (each.rstrip() for each in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
