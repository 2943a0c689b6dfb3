"""What the provider's own people are told: a detection, a promise about to lapse, a lapsed one.

Over each one's own channels (`queries.staff`), so that an outage of one does not hide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from standfast.apps.delivery.models import Notice
from standfast.apps.delivery.queries.staff import Way, ways_to_warn
from standfast.apps.delivery.services.telling import because_of
from standfast.apps.delivery.services.writing import DeliveryDraft, write_deliveries
from standfast.apps.incidents.models import Issue, Promise
from standfast.apps.incidents.queries.issues import issue_by_id
from standfast.apps.tenancy.models import OutboxEvent, User
from standfast.apps.tenancy.queries.members import people_with_role
from standfast.apps.tenancy.roles import COMMUNICATOR, ENGINEER, OWNER, PROVIDER_ROLES
from standfast.engine.routing.entries import Action
from standfast.engine.routing.keys import idempotency_key

# Who is told, with why; the first reason found for a person holds.
Told = dict[User, str]


def _detected(issue: Issue) -> Told:
    return _with_role(issue, ENGINEER, COMMUNICATOR)


def _due_soon(issue: Issue) -> Told:
    return _with_role(issue, COMMUNICATOR, OWNER)


def _overdue(issue: Issue) -> Told:
    owner = issue.service.owner
    still_there = owner is not None and owner in people_with_role(issue.provider, *PROVIDER_ROLES)
    escalated: Told = (
        {owner: "service_owner"} if owner and still_there else _with_role(issue, OWNER)
    )
    return escalated | {
        user: why for user, why in _with_role(issue, COMMUNICATOR).items() if user not in escalated
    }


def _with_role(issue: Issue, *roles: str) -> Told:
    return {user: role for role in roles for user in people_with_role(issue.provider, role)}


# The kind of an outbox event → the kind of notice and who gets it.
WARNINGS: dict[str, tuple[str, Callable[[Issue], Told]]] = {
    "issue.detected": ("detected", _detected),
    "promise.due_soon": ("due_soon", _due_soon),
    "promise.overdue": ("overdue", _overdue),
}


def warn_staff(event: OutboxEvent, now: datetime) -> None:
    """Write the notice of a warning, unless what it warns of has been settled meanwhile."""
    kind, people = WARNINGS[event.kind]
    issue = issue_by_id(event.payload.get("issue_id", 0))
    if issue is None:
        return
    if "promise_id" in event.payload and not _still_open(event.payload["promise_id"]):
        return
    notice = Notice.objects.create(
        kind=kind,
        event=event,
        issue=issue,
        provider=issue.provider,
        created_at=now,
        planned_at=now,
    )
    told = people(issue)
    ways = ways_to_warn(issue, told, now=now)
    write_deliveries(notice=notice, drafts=_drafts(notice, ways, told), now=now)


def _drafts(notice: Notice, ways: Iterable[Way], told: Told) -> list[DeliveryDraft]:
    keys = {way.entry.subscription.id: _key(notice, way) for way in ways}
    return [
        DeliveryDraft(
            subscription_id=way.subscription_id,
            user_id=None if way.subscription_id else way.user.pk,
            channel=way.channel,
            address=way.address,
            language=way.language,
            reason=told[way.user],
            key=keys[way.entry.subscription.id],
            because=because_of(way.entry),
            stands_by_for=(
                keys[way.entry.instead_of]
                if way.entry.action is Action.STAND_BY and way.entry.instead_of is not None
                else ""
            ),
        )
        for way in ways
        if way.entry.action in {Action.SEND, Action.STAND_BY}
    ]


def _key(notice: Notice, way: Way) -> str:
    mine: int | str = way.subscription_id if way.subscription_id else f"u{way.user.pk}"
    return idempotency_key(f"n{notice.pk}", mine, way.channel)


def _still_open(promise_id: int) -> bool:
    return Promise.objects.filter(pk=promise_id, answered_at__isnull=True).exists()
