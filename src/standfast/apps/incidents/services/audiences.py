"""Changing who is told: narrowing when it becomes clear, widening when it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.services.locking import locked, save_version
from standfast.apps.incidents.services.posting import add_post, promised, tell
from standfast.apps.incidents.services.reach import store_audience
from standfast.apps.incidents.services.scoping import check_scope
from standfast.apps.incidents.services.wording import checked, reason
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.languages import LANGUAGES, Localised
from standfast.apps.tenancy.services.audit import record
from standfast.engine.targeting import Scope


@dataclass(frozen=True, slots=True)
class AudienceChange:
    """What was posted, and how many tenants came in and were let go."""

    post: Post
    closing_post: Post | None
    added: int
    released: int


@transaction.atomic
def change_audience(
    *,
    issue: Issue,
    version: int | None,
    scope: Scope,
    why: str,
    body: Localised,
    closing_note: Localised | None = None,
    cadence_minutes: int | None = None,
    next_update_by: datetime | None = None,
    by: Actor,
    now: datetime,
) -> AudienceChange:
    """Give an open issue another audience.

    Those who stay and those newly found get `body`; the released get the closing note (a standard
    one when none is given) and the issue leaves their active list. Every version is kept.
    Raises Refused or Conflict; then nothing is stored.
    """
    issue = locked(issue, version=version)
    if issue.stage != "published":
        raise Refused("stage", _("Only an open issue's audience can change."))
    why = reason(why)
    if not why:
        raise Refused(
            "why", _("Say in a few words why the audience changes; it is kept for audit.")
        )
    check_scope(provider=issue.provider, scope=scope)
    note = checked("closing_note", closing_note)
    audience = store_audience(issue=issue, scope=scope, why=why, by=by, now=now)
    due = promised(issue, cadence_minutes=cadence_minutes, exact=next_update_by, now=now)
    post = add_post(issue=issue, kind="regular", body=body, due=due, by=by, now=now)
    closing = None
    if audience.released_count:
        closing = add_post(
            issue=issue,
            kind="closing",
            body=note or closing_words(),
            due=None,
            by=by,
            now=now,
        )
        tell(kind="issue.released", post=closing, group="released", now=now)
    if audience.added_count:
        tell(kind="issue.widened", post=post, group="added", now=now)
    tell(kind="issue.updated", post=post, group="stayed", now=now)
    save_version(issue=issue, now=now)
    record(
        by=by,
        organisation=issue.provider,
        action="issue.audience_changed",
        kind="issue",
        key=issue.reference,
        now=now,
        number=audience.number,
        added=audience.added_count,
        released=audience.released_count,
        why=why,
    )
    return AudienceChange(post, closing, audience.added_count, audience.released_count)


def closing_words() -> Localised:
    """“We now know that you are not affected”, in every language."""
    words: Localised = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = _(
                "We now know that you are not affected by this issue. We told you about it because "
                "its extent was unclear at first. You need to do nothing."
            )
    return words
