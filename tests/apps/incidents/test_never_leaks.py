"""Any sequence of what communicators do, against a reference that follows it in plain sets."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries import board
from standfast.apps.incidents.queries.health import dashboard_for, history_for, issue_for
from standfast.apps.incidents.queries.issues import audience_versions, posts_of
from standfast.apps.incidents.queries.reach import forget_audiences
from standfast.apps.incidents.queries.stream import events_beyond, newest_event_id
from standfast.apps.incidents.services.audiences import change_audience, closing_words
from standfast.apps.incidents.services.drafting import create_draft, dismiss
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.incidents.services.updating import correct_post, post_update, reopen, resolve
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import OutboxEvent
from standfast.engine.targeting import Scope
from tests.apps.incidents.reference import (
    KnownIssue,
    affected_users,
    history_of,
    open_for,
)
from tests.apps.incidents.town import SERVICES, TENANTS, Town, Wish, make_town, wishes
from tests.factories import NOW, SYSTEM
from tests.factories_incidents import fields_for

WORKING = ("investigating", "serviceDegradation", "serviceInterruption", "restoringService")
places = st.integers(0, 50)
EVERY = frozenset(TENANTS)


class Communicators(RuleBasedStateMachine):
    """What communicators do. Each example begins with the town alone and is rolled back."""

    town: ClassVar[Town]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.issues: list[KnownIssue] = []
        self.written = 0
        self.heard: list[tuple[str, str, frozenset[int]]] = []
        self.example = transaction.atomic()
        self.example.__enter__()
        board.forget_boards()
        forget_audiences()
        self.seen = set(OutboxEvent.objects.values_list("id", flat=True))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def body(self) -> dict[str, str]:
        """A text that no other post has."""
        self.written += 1
        return {"en": f"Text {self.written}"}

    def pick(self, place: int, *stages: str) -> KnownIssue | None:
        """One of the issues in these stages, if there are any."""
        found = [issue for issue in self.issues if issue.stage in stages]
        return found[place % len(found)] if found else None

    def row(self, known: KnownIssue) -> Issue:
        return Issue.objects.get(pk=known.key)

    def expect(self, known: KnownIssue, kind: str, tenants: Collection[int]) -> None:
        self.heard.append((kind, known.reference, frozenset(tenants)))

    @rule(
        wish=wishes(),
        service=st.sampled_from(SERVICES[:2]),
        classification=st.sampled_from(["incident", "advisory"]),
        status=st.sampled_from([*WORKING, "serviceRestored"]),
    )
    def draft(self, wish: Wish, service: str, classification: str, status: str) -> None:
        fields = fields_for(
            self.town.services[service],
            classification=classification,
            status=status,
            start_at=self.now,
        )
        issue = create_draft(
            provider=self.town.provider,
            fields=fields,
            scope=self.town.scope(wish),
            by=SYSTEM,
            now=self.now,
        )
        known = KnownIssue(issue.pk, issue.reference, issue.service_id, classification, status)
        self.issues.append(known)

    @precondition(lambda self: self.pick(0, "draft"))
    @rule(place=places, wish=st.none() | wishes())
    def publish(self, place: int, wish: Wish | None) -> None:
        known = self.pick(place, "draft")
        assert known
        issue, body = self.row(known), self.body()
        if wish:
            issue.scope = self.town.scope(wish).to_json()
            issue.save(update_fields=["scope"])
        scope = self.town.scope(wish) if wish else Scope.from_json(issue.scope)
        users = self.town.catalog.audience(scope, known.service)
        if not users:
            with pytest.raises(Refused) as refused:
                publish(issue=issue, version=None, body=body, by=SYSTEM, now=self.now)
            assert refused.value.field == "components"
            return
        publish(issue=issue, version=None, body=body, by=SYSTEM, now=self.now)
        over = known.status == "serviceRestored"
        known.stage, known.ended = ("resolved", self.now) if over else ("published", None)
        known.tell(users, unclear=scope.unclear)
        known.post("regular", body)
        self.expect(known, "issue.published", users)

    @precondition(lambda self: self.pick(0, "draft"))
    @rule(place=places)
    def dismiss(self, place: int) -> None:
        known = self.pick(place, "draft")
        assert known
        dismiss(issue=self.row(known), why="a test", by=SYSTEM, now=self.now)
        known.stage = "dismissed"

    @precondition(lambda self: self.pick(0, "published"))
    @rule(
        place=places,
        status=st.sampled_from(WORKING),
        kind=st.sampled_from(["regular", "quick", "automatic"]),
    )
    def update(self, place: int, status: str, kind: str) -> None:
        known = self.pick(place, "published")
        assert known
        body = self.body()
        post_update(
            issue=self.row(known),
            version=None,
            body=body,
            status=status,
            kind=kind,
            by=SYSTEM,
            now=self.now,
        )
        known.status = status
        known.post(kind, body)
        self.expect(known, "issue.updated", known.versions[-1].users)

    @precondition(lambda self: self.pick(0, "published"))
    @rule(place=places, wish=wishes())
    def change_audience(self, place: int, wish: Wish) -> None:
        known = self.pick(place, "published")
        assert known
        scope, body = self.town.scope(wish), self.body()
        users = self.town.catalog.audience(scope, known.service)
        change = partial(
            change_audience,
            issue=self.row(known),
            version=None,
            scope=scope,
            why="we know more",
            body=body,
            by=SYSTEM,
            now=self.now,
        )
        if not users:
            with pytest.raises(Refused) as refused:
                change()
            assert refused.value.field == "components"
            return
        change()
        told = known.tell(users, unclear=scope.unclear)
        known.post("regular", body)
        if told.released:
            known.post("closing", closing_words())
            self.expect(known, "issue.released", told.released)
        if told.added:
            self.expect(known, "issue.widened", told.added)
        self.expect(known, "issue.updated", users.keys() - told.added)

    @precondition(lambda self: self.pick(0, "published"))
    @rule(place=places, wanted=st.sampled_from(["serviceRestored", "falsePositive"]))
    def resolve(self, place: int, wanted: str) -> None:
        known = self.pick(place, "published")
        assert known
        status = "serviceRestored" if known.status == "restoringService" else wanted
        body = self.body()
        resolve(
            issue=self.row(known),
            version=None,
            body=body,
            status=status,
            end_at=None,
            by=SYSTEM,
            now=self.now,
        )
        known.stage, known.status, known.ended = "resolved", status, self.now
        known.post("regular", body)
        self.expect(known, "issue.resolved", known.versions[-1].users)

    @precondition(lambda self: self.pick(0, "resolved"))
    @rule(place=places, status=st.sampled_from(WORKING))
    def reopen(self, place: int, status: str) -> None:
        known = self.pick(place, "resolved")
        assert known
        body = self.body()
        reopen(
            issue=self.row(known), version=None, body=body, status=status, by=SYSTEM, now=self.now
        )
        known.stage, known.status, known.ended = "published", status, None
        known.post("regular", body)
        self.expect(known, "issue.updated", known.versions[-1].users)

    @precondition(lambda self: self.pick(0, "published", "resolved"))
    @rule(place=places, which=places)
    def correct(self, place: int, which: int) -> None:
        known = self.pick(place, "published", "resolved")
        assert known
        post = known.posts[which % len(known.posts)]
        row = next(each for each in posts_of(self.row(known)) if each.number == post.number)
        post.body = self.body()
        correct_post(post=row, body=post.body, by=SYSTEM, now=self.now)
        self.expect(known, "post.corrected", [])

    @rule(days=st.sampled_from([1, 6, 25]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def events_reach_their_groups_alone(self) -> None:
        items = events_beyond(self.seen)
        heard = [(item.kind, item.issue.reference, frozenset(item.tenants)) for item in items]
        assert heard == self.heard
        told = [tenant for _kind, _reference, tenants in heard for tenant in tenants]
        assert len(told) == len(set(told)), "somebody is told twice of one step"
        self.heard = []
        assert not items or items[-1].event_id == newest_event_id()

    @invariant()
    def every_dashboard_agrees(self) -> None:
        for name in EVERY:
            number = self.town.number(name)
            dashboard = dashboard_for(self.town.tenants[name], now=self.now)
            shown = [*dashboard.incidents, *dashboard.advisories]
            expected = open_for(self.issues, number)
            assert {each.issue.reference: each.users for each in shown} == expected, name
            assert dashboard.open_count == len(shown) == len(expected)
            assert {each.issue.classification for each in dashboard.incidents} <= {"incident"}
            users = affected_users(self.issues, number)
            assert dashboard.affected_users == users, name
            recent = history_of(self.issues, number, self.now, 7)
            resolved = {
                each.issue.reference: (each.users, each.released)
                for each in dashboard.recently_resolved
            }
            assert resolved == recent, name

    @invariant()
    def every_history_agrees(self) -> None:
        for name in EVERY:
            for days in (7, 30):
                shown = {
                    each.issue.reference: (each.users, each.released)
                    for each in history_for(self.town.tenants[name], now=self.now, days=days)
                }
                number = self.town.number(name)
                assert shown == history_of(self.issues, number, self.now, days), name

    @invariant()
    def every_issue_opens_for_those_told_alone(self) -> None:
        for known in self.issues:
            for name in EVERY:
                self._check_issue(known, name)

    def _check_issue(self, known: KnownIssue, name: str) -> None:
        tenant, number = self.town.tenants[name], self.town.number(name)
        if not (known.holds(number) or known.let_go(number)):
            with pytest.raises(NoAccess):
                issue_for(tenant, known.reference, now=self.now)
            return
        view = issue_for(tenant, known.reference, now=self.now)
        last = known.versions[-1]
        assert [(post.number, post.body) for post in view.posts] == known.readable(number)
        assert view.released == known.let_go(number)
        assert view.users == last.users.get(number, 0)
        assert view.users_total == self.town.catalog.users_of(number, known.service)
        assert view.unclear == (last.unclear and known.stage == "published")
        assert (view.issue.status, view.issue.stage) == (known.status, known.stage)

    @invariant()
    def every_audience_is_kept(self) -> None:
        for known in self.issues:
            kept = [
                (row.tenant_count, row.user_count, row.added_count, row.released_count, row.unclear)
                for row in audience_versions(self.row(known))
            ]
            assert kept[::-1] == [
                (
                    len(told.users),
                    sum(told.users.values()),
                    len(told.added),
                    len(told.released),
                    told.unclear,
                )
                for told in known.versions
            ]


@pytest.mark.django_db
def test_no_tenant_ever_sees_what_it_was_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "LOOK_EVERY_SECONDS", 0)
    monkeypatch.setattr(Communicators, "town", make_town(), raising=False)
    run_state_machine_as_test(
        Communicators, settings=settings(max_examples=12, stateful_step_count=12)
    )
