"""The audit log is searched within one organisation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from standfast.apps.tenancy.queries.audit import PAGE_SIZE, actions_of, audit_of
from standfast.apps.tenancy.queries.outbox import backlog
from standfast.apps.tenancy.services.audit import record
from standfast.apps.tenancy.services.outbox import announce
from tests.apps.tenancy.people import BY, NOW, access_of, found, person

pytestmark = pytest.mark.django_db


def test_entries_are_paged_filtered_and_never_another_organisations() -> None:
    bank, other = found("bank"), found("other")
    alice = person("alice", (bank, "admin"))
    for place in range(PAGE_SIZE):
        record(by=BY, organisation=bank, action="a.b", kind="k", key=f"key-{place}", now=NOW)
    record(by=BY, organisation=other, action="a.b", kind="k", key="key-foreign", now=NOW)
    access = access_of(alice, bank, "tenant", "audit.read")
    assert audit_of(access).paginator.num_pages == 2
    assert actions_of(access) == ["a.b", "member.added", "organisation.created"]
    assert [entry.object_key for entry in audit_of(access, search="key-7")] == ["key-7"]
    assert audit_of(access, action="member.").paginator.count == 1
    assert audit_of(access, search="foreign").paginator.count == 0
    assert audit_of(access, actor="system: test").paginator.count == PAGE_SIZE + 2
    assert audit_of(access, page="nonsense").number == 1


def test_the_backlog_tells_how_many_wait_and_for_how_long() -> None:
    assert backlog(now=NOW).count == 0
    for minutes in (5, 3):
        announce(kind="x", now=NOW - timedelta(minutes=minutes))
    waiting = backlog(now=NOW)
    assert (waiting.count, waiting.oldest) == (2, timedelta(minutes=5))
