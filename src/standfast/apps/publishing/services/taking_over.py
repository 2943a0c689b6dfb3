"""What an emergency post becomes: an incident for everybody with an unclear scope, an update of it,
its resolution. Done once, however many workers found the post.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from standfast.apps.catalog.queries.public import public_services
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.drafting import create_draft
from standfast.apps.incidents.services.fields import IssueFields
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.incidents.services.updating import post_update, resolve
from standfast.apps.publishing.models import EmergencyPost
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES, Localised
from standfast.apps.tenancy.models import Organisation
from standfast.bundle.emergency.post import Post
from standfast.engine.targeting import Scope

logger = logging.getLogger(__name__)

BY = Actor.system("emergency post")


def take_over(post: Post, now: datetime) -> bool:
    """Do what the post says, once. Returns whether this call did."""
    try:
        with transaction.atomic():
            rows = EmergencyPost.objects.select_for_update().select_related("provider")
            row = rows.filter(key=post.key, taken_at__isnull=True).first()
            if row is None:
                return False
            issue = _act(row, post, now)
            row.issue, row.taken_at, row.problem = issue, now, ""
            row.save(update_fields=["issue", "taken_at", "problem"])
    except Refused as refused:
        said = f"{refused.field}: {refused.message}"[:500]
        rows = EmergencyPost.objects.filter(key=post.key).exclude(problem=said)
        if rows.update(problem=said):
            logger.warning("emergency post %s: %s", post.key, said)
        return False
    return True


def _act(row: EmergencyPost, post: Post, now: datetime) -> Issue:
    if post.action == "post":
        return _open(row.provider, post, now)
    issue = _issue_of(row.provider, post)
    if issue.stage == "resolved":
        return issue  # a person has closed it meanwhile; the words stay in the document
    if post.action == "resolve":
        resolve(issue=issue, version=None, body=_texts(post.body), end_at=None, by=BY, now=now)
    else:
        post_update(
            issue=issue,
            version=None,
            body=_texts(post.body),
            status=issue.status,
            by=BY,
            now=now,
        )
    return issue


def _open(provider: Organisation, post: Post, now: datetime) -> Issue:
    services = public_services(provider)
    if not services:
        raise Refused("service", "There is no public service to tie the post to.")
    body = _texts(post.body)
    fields = IssueFields(
        service=services[0],
        title=_texts(post.title),
        user_impact=body,
        start_at=min(post.at, now),
        severity="high",
        is_public=True,
    )
    scope = Scope(services=frozenset(service.pk for service in services), unclear=True)
    draft = create_draft(provider=provider, fields=fields, scope=scope, by=BY, now=now)
    publish(issue=draft, version=None, body=body, why="posted on the backup site", by=BY, now=now)
    return draft


def _issue_of(provider: Organisation, post: Post) -> Issue:
    rows = EmergencyPost.objects.filter(provider=provider, issue__isnull=False)
    row = rows.filter(key=post.thread).first()
    if row is None or row.issue is None:
        raise Refused("thread", f"The first post, {post.thread}, is not taken over yet.")
    return row.issue


def _texts(pairs: tuple[tuple[str, str], ...]) -> Localised:
    """Texts in the languages that posts may have; of others the first stands for English."""
    known: Localised = {language: _safe(text) for language, text in pairs if language in LANGUAGES}
    return known or {LANGUAGES[0]: _safe(pairs[0][1])}


def _safe(text: str) -> str:
    """Angle brackets, which the editor refuses, as the characters that look like them."""
    return text.replace("<", "‹").replace(">", "›")
