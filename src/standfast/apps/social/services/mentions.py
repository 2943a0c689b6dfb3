"""What is done about a mention: tied to an issue, answered, put aside."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from standfast.apps.incidents.models import Issue
from standfast.apps.social.models import Mention
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.services.audit import record

#: Every service takes as much, with the writer's name before it.
LONGEST_ANSWER = 240


@transaction.atomic
def tie_mention(*, mention: Mention, issue: Issue, by: Actor, now: datetime) -> None:
    """Say that a mention is about an issue. The issue must be of the account's provider."""
    if issue.provider_id != mention.account.subscription.organisation_id:
        raise Refused("issue", _("Choose one of your own issues."))
    mention.state, mention.issue = "linked", issue
    mention.save(update_fields=["state", "issue"])
    _audit("mention.tied", mention, by, now, issue=issue.reference)


@transaction.atomic
def answer_mention(*, mention: Mention, answer: str, by: Actor, now: datetime) -> None:
    """Answer in public, from the account; a worker posts it within seconds. Raises Refused."""
    words = " ".join(answer.split())
    if not words:
        raise Refused("answer", _("Write an answer; everybody can read it."))
    if len(words) > LONGEST_ANSWER:
        raise Refused(
            "answer", _("Write at most %(count)s characters.") % {"count": LONGEST_ANSWER}
        )
    if mention.answer_state in {"pending", "sent"}:
        raise Refused("answer", _("This was answered already."))
    if not mention.account.subscription.is_active:
        raise Refused("answer", _("The account is paused or has stopped; resume it first."))
    mention.answer, mention.answered_by, mention.answered_at = words, by.user, now
    mention.answer_state, mention.answer_error = "pending", ""
    mention.answer_tries, mention.next_try_at = 0, now
    if mention.state == "open":
        mention.state = "closed"
    mention.save()
    _audit("mention.answered", mention, by, now)


@transaction.atomic
def put_aside(*, mention: Mention, by: Actor, now: datetime) -> None:
    """Nothing is to be done about it."""
    mention.state = "closed"
    mention.save(update_fields=["state"])
    _audit("mention.put_aside", mention, by, now)


def _audit(action: str, mention: Mention, by: Actor, now: datetime, **details: object) -> None:
    record(
        by=by,
        organisation=mention.account.subscription.organisation,
        action=action,
        kind="mention",
        key=mention.pk,
        now=now,
        **details,
    )
