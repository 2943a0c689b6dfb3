"""Publishing: the issue becomes visible to its audience, and only to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.services.drafting import confirm_detected
from standfast.apps.incidents.services.fields import check_fields, fields_of
from standfast.apps.incidents.services.locking import locked, save_version
from standfast.apps.incidents.services.posting import add_post, promised, tell
from standfast.apps.incidents.services.reach import store_audience
from standfast.apps.incidents.services.rules import by_the_rules
from standfast.apps.incidents.services.scoping import check_scope
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES, Localised
from standfast.apps.tenancy.services.audit import record
from standfast.engine.health.lifecycle import VISIBLE, check_stage, stage_of
from standfast.engine.health.status import is_resolved
from standfast.engine.targeting import Scope


@transaction.atomic
def publish(
    *,
    issue: Issue,
    version: int | None,
    body: Localised,
    cadence_minutes: int | None = None,
    next_update_by: datetime | None = None,
    why: str = "",
    by: Actor,
    now: datetime,
) -> Post:
    """Publish a draft: its audience, first post, promise and outbox row in one transaction.

    Raises Refused (a field, nobody in scope, the life cycle) or Conflict; then nothing is stored.
    """
    issue = locked(issue, version=version)
    if issue.stage in VISIBLE:
        raise Refused("stage", _("This issue is published already; post an update."))
    check_fields(fields_of(issue), provider=issue.provider, now=now)
    with by_the_rules():
        stage = check_stage(issue.stage, "published")
    issue.stage = stage_of(issue.status) if is_resolved(issue.status) else stage
    issue.published_at = now
    scope = Scope.from_json(issue.scope or {})
    check_scope(provider=issue.provider, scope=scope)
    audience = store_audience(issue=issue, scope=scope, why=why, by=by, now=now)
    if is_resolved(issue.status):  # told after the fact
        due, issue.end_at = None, issue.end_at or now
    else:
        due = promised(issue, cadence_minutes=cadence_minutes, exact=next_update_by, now=now)
    post = add_post(issue=issue, kind="regular", body=body, due=due, by=by, now=now)
    save_version(issue=issue, now=now)
    tell(kind="issue.published", post=post, group="all", now=now)
    record(
        by=by,
        organisation=issue.provider,
        action="issue.published",
        kind="issue",
        key=issue.reference,
        now=now,
        tenants=audience.tenant_count,
        users=audience.user_count,
        why=audience.why,
    )
    return post


def publish_detected(*, issue: Issue, by: Actor, now: datetime) -> Post:
    """A rule publishes a detected issue with a standard first post; a person takes over then."""
    with transaction.atomic():
        draft = confirm_detected(issue=issue, by=by, now=now)
        return publish(
            issue=draft,
            version=None,
            body=first_words(),
            why="published by a monitoring rule",
            by=by,
            now=now,
        )


def first_words() -> Localised:
    """The standard first post, in every language."""
    words: Localised = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = _(
                "Our monitoring has found a problem and our engineers are looking into it. "
                "We will tell you more as soon as we know it."
            )
    return words
