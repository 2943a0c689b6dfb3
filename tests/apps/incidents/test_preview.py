from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.apps.incidents.models import Issue, Post
from standfast.apps.incidents.queries import board
from standfast.apps.incidents.queries.health import issue_for
from standfast.apps.incidents.queries.preview import preview_for
from standfast.apps.incidents.queries.reach import forget_audiences
from standfast.apps.incidents.queries.views import TenantIssueView
from standfast.apps.incidents.services.audiences import change_audience
from standfast.apps.incidents.services.drafting import create_draft
from standfast.apps.incidents.services.publishing import publish
from standfast.apps.incidents.services.reach import resolve_for
from standfast.apps.tenancy.errors import NoAccess
from standfast.apps.tenancy.models import Organisation, OutboxEvent
from standfast.engine.targeting import Scope
from tests.apps.incidents.town import TENANTS, Town, Wish, make_town, wishes
from tests.factories import NOW, SYSTEM
from tests.factories_incidents import BODY, fields_for

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(minutes=45)
LATER = NOW + timedelta(minutes=10)


class Preview:
    """The town, made once for all examples of a test."""

    town: ClassVar[Town]


@pytest.fixture(autouse=True)
def town(monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(board, "LOOK_EVERY_SECONDS", 0)
    made = make_town()
    monkeypatch.setattr(Preview, "town", made, raising=False)
    return made


@contextmanager
def rolled_back() -> Iterator[None]:
    """One example: nothing of it stays, neither stored nor remembered."""
    board.forget_boards()
    forget_audiences()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def shown(view: TenantIssueView) -> dict[str, object]:
    """What the page of an issue shows."""
    posts = [
        (post.number, post.kind, post.body, post.status, post.created_at, post.next_update_by)
        for post in view.posts
    ]
    return {
        "posts": posts,
        "users": (view.users, view.users_total),
        "standing": (view.issue.status, view.issue.is_open, view.released, view.unclear),
        "duration": view.duration,
        "promise": view.issue.next_update_by,
        "end": view.issue.end_at,
    }


def draft_of(town: Town, wish: Wish, status: str) -> Issue:
    return create_draft(
        provider=town.provider,
        fields=fields_for(town.services["mail"], status=status),
        scope=town.scope(wish),
        by=SYSTEM,
        now=NOW,
    )


def preview(issue: Issue, tenant: Organisation, scope: Scope) -> TenantIssueView | None:
    audience = resolve_for(issue, scope)
    return preview_for(
        issue,
        tenant,
        audience=audience,
        unclear=scope.unclear,
        body=BODY,
        next_update_by=DUE,
        now=LATER,
    )


def really(tenant: Organisation, issue: Issue) -> dict[str, object] | None:
    try:
        return shown(issue_for(tenant, issue.reference, now=LATER))
    except NoAccess:
        return None


@given(wish=wishes(), status=st.sampled_from(["serviceDegradation", "serviceRestored"]))
@settings(max_examples=25)
def test_a_draft_looks_to_each_tenant_as_it_will(wish: Wish, status: str) -> None:
    town = Preview.town
    scope = town.scope(wish)
    with rolled_back():
        issue = draft_of(town, wish, status)
        if town.catalog.audience(scope, issue.service_id):
            before = Issue.objects.get(pk=issue.pk)
            seen = {name: preview(before, town.tenants[name], scope) for name in TENANTS}
            assert before.stage == "draft"
            publish(issue=issue, version=None, body=BODY, next_update_by=DUE, by=SYSTEM, now=LATER)
            for name, view in seen.items():
                expected = really(town.tenants[name], issue)
                assert (view and shown(view)) == expected, name


@given(first=wishes(), second=wishes())
@settings(max_examples=25)
def test_a_wider_audience_is_shown_what_it_will_read(first: Wish, second: Wish) -> None:
    town = Preview.town
    mail = town.services["mail"].pk
    scope = town.scope(second)
    with rolled_back():
        issue = draft_of(town, first, "serviceDegradation")
        audiences = [town.catalog.audience(town.scope(wish), mail) for wish in (first, second)]
        if all(audiences):
            publish(issue=issue, version=None, body=BODY, by=SYSTEM, now=NOW)
            before = Issue.objects.get(pk=issue.pk)
            seen = {name: preview(before, town.tenants[name], scope) for name in TENANTS}
            change_audience(
                issue=issue,
                version=None,
                scope=scope,
                why="we know more",
                body=BODY,
                next_update_by=DUE,
                by=SYSTEM,
                now=LATER,
            )
            for name, view in seen.items():
                if town.number(name) in audiences[1]:
                    assert view
                    assert shown(view) == really(town.tenants[name], issue), name
                else:
                    assert view is None, name


def test_a_preview_stores_nothing(town: Town) -> None:
    everybody = Scope(unclear=True)
    wish = Wish(frozenset(), frozenset(), frozenset(), frozenset(), unclear=True)
    issue = draft_of(town, wish, "investigating")
    assert preview(issue, town.tenants["ana"], everybody)
    issue.refresh_from_db()
    assert (issue.stage, issue.next_update_by) == ("draft", None)
    assert not Post.objects.exists()
    assert not OutboxEvent.objects.exists()
