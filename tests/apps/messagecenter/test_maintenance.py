"""A maintenance from draft to end: who sees it, who is told, what calendars take over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from standfast.apps.messagecenter.models import Maintenance, MessageUpdate
from standfast.apps.messagecenter.queries.public import public_maintenance, public_planned
from standfast.apps.messagecenter.queries.reach import newcomers_with
from standfast.apps.messagecenter.queries.tenants import (
    known_to,
    maintenance_for,
    past_for,
    planned_for,
    planned_mark,
)
from standfast.apps.messagecenter.queries.told import told_tenants
from standfast.apps.messagecenter.services.drafting import discard_draft, edit_draft
from standfast.apps.messagecenter.services.fields import fields_of
from standfast.apps.messagecenter.services.running import (
    complete,
    follow_the_clock,
    post_news,
    start,
)
from standfast.apps.messagecenter.services.scheduling import cancel, change, move, schedule
from standfast.apps.tenancy.errors import Conflict, NoAccess, Refused
from standfast.apps.tenancy.models import AuditEntry, OutboxEvent
from tests.factories import NOW, SYSTEM, make_subscription, make_tenant
from tests.factories_incidents import World, make_world
from tests.factories_messages import (
    END,
    NOTE,
    START,
    again,
    draft_maintenance,
    maintenance_fields,
    schedule_maintenance,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def events() -> list[tuple[str, str]]:
    rows = OutboxEvent.objects.filter(kind__startswith="maintenance.").order_by("id")
    return [(row.kind, row.payload["group"]) for row in rows]


def test_a_draft_is_seen_by_nobody(world: World) -> None:
    draft = draft_maintenance(world, is_public=True)
    assert draft.reference == f"MC{100_000 + draft.pk}"
    assert planned_for(world.alice, now=NOW) == []
    assert public_planned(world.provider) == []
    with pytest.raises(NoAccess):
        maintenance_for(world.alice, draft.reference)
    assert events() == []


def test_scheduling_reaches_everybody_who_uses_the_service(world: World) -> None:
    found = schedule_maintenance(world)
    for tenant in (world.alice, world.bob, world.charlie, world.dora):
        assert [each.maintenance for each in planned_for(tenant, now=NOW)] == [found]
    assert found.audience is not None
    assert (found.audience.tenant_count, found.audience.user_count) == (4, 319)
    assert events() == [("maintenance.scheduled", "all")]
    assert AuditEntry.objects.filter(action="maintenance.scheduled").count() == 1


def test_components_narrow_it_to_those_who_are_on_them(world: World) -> None:
    found = schedule_maintenance(world, components=(world.second,))
    assert planned_for(world.alice, now=NOW) == []
    assert planned_for(world.dora, now=NOW) == []
    assert len(planned_for(world.bob, now=NOW)) == 1
    with pytest.raises(NoAccess):
        maintenance_for(world.alice, found.reference)
    assert maintenance_for(world.charlie, found.reference).services == [world.service]


def test_nothing_is_scheduled_that_nobody_would_be_told_of(world: World) -> None:
    from tests.factories import make_service

    unused = make_service(world.provider, "unused")
    draft = draft_maintenance(world, services=(unused,))
    with pytest.raises(Refused) as refused:
        schedule(maintenance=draft, version=None, by=SYSTEM, now=NOW)
    assert refused.value.field == "services"
    assert (again(draft).state, events()) == ("draft", [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"end_at": START}, "end_at"),
        ({"start_at": NOW - DAY, "end_at": END}, "start_at"),
        ({"end_at": START + 30 * DAY}, "end_at"),
        ({"start_at": START.replace(tzinfo=None)}, "start_at"),
        ({"title": {}}, "title_en"),
        ({"body": {"en": "<b>no</b>"}}, "body_en"),
        ({"services": ()}, "services"),
        ({"start_at": NOW + 800 * DAY, "end_at": NOW + 801 * DAY}, "start_at"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_the_name_of_the_field(
    world: World, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        draft_maintenance(world, **changes)
    assert refused.value.field == field


def test_a_move_reaches_everybody_who_noted_the_old_window(world: World) -> None:
    found = schedule_maintenance(world, components=(world.first,))
    update = move(
        maintenance=found,
        version=found.version,
        start_at=START + DAY,
        end_at=END + DAY,
        note=NOTE,
        by=SYSTEM,
        now=LATER,
    )
    moved = again(found)
    assert (moved.start_at, moved.sequence) == (START + DAY, found.sequence + 1)
    assert (update.start_before, update.end_before) == (START, END)
    assert events()[1:] == [("maintenance.changed", "all")]
    (view,) = planned_for(world.alice, now=LATER)
    assert view.last_move == update


def test_a_move_cannot_be_kept_quiet_but_a_typo_can(world: World) -> None:
    found = schedule_maintenance(world)
    typo = replace(fields_of(found), title={"en": "New storage"})
    quiet = change(
        maintenance=found, version=None, fields=typo, note={}, tell=False, by=SYSTEM, now=LATER
    )
    assert (quiet.kind, quiet.told) == ("changed", False)
    assert events()[1:] == [("maintenance.corrected", "all")], "only pages hear of it"
    assert again(found).sequence == found.sequence + 1
    moved = replace(typo, end_at=END + DAY)
    change(maintenance=found, version=None, fields=moved, note={}, tell=False, by=SYSTEM, now=LATER)
    assert events()[2:] == [("maintenance.changed", "all")]


def test_widening_tells_the_new_ones_of_the_maintenance_and_the_others_of_the_change(
    world: World,
) -> None:
    found = schedule_maintenance(world, components=(world.second,))
    wider = replace(fields_of(found), components=())
    update = change(maintenance=found, version=None, fields=wider, note=NOTE, by=SYSTEM, now=LATER)
    assert events()[1:] == [
        ("maintenance.changed", "stayed"),
        ("maintenance.scheduled", "added"),
    ]
    numbers = {each.number for each in (world.alice, world.dora)}
    assert set(told_tenants(update.audience, "added")) == numbers


def test_a_quiet_change_tells_the_new_ones_alone_that_there_is_a_maintenance(world: World) -> None:
    found = schedule_maintenance(world, components=(world.second,))
    wider = replace(fields_of(found), components=())
    change(maintenance=found, version=None, fields=wider, note={}, tell=False, by=SYSTEM, now=LATER)
    assert events()[1:] == [
        ("maintenance.corrected", "stayed"),
        ("maintenance.scheduled", "added"),
    ]
    assert len(planned_for(world.alice, now=LATER)) == 1
    post_news(maintenance=found, version=None, note=NOTE, by=SYSTEM, now=LATER)
    assert events()[3:] == [("maintenance.changed", "all")], "the announcement came once"


def test_how_many_a_change_would_bring_in_is_known_before(world: World) -> None:
    found = schedule_maintenance(world, components=(world.second,))
    services = (world.service,)
    assert newcomers_with(found, services=services, components=(world.second,)) == 0
    assert newcomers_with(found, services=services, components=(world.first,)) == 1
    assert newcomers_with(found, services=services, components=()) == 2
    assert planned_for(world.alice, now=LATER) == []


def test_whoever_was_told_once_hears_of_the_end_even_when_the_parts_change(world: World) -> None:
    found = schedule_maintenance(world)
    narrower = replace(fields_of(found), components=(world.second,))
    change(maintenance=found, version=None, fields=narrower, note=NOTE, by=SYSTEM, now=LATER)
    update = cancel(maintenance=found, version=None, note=NOTE, by=SYSTEM, now=LATER)
    assert len(told_tenants(update.audience, "all")) == 4


def test_a_tenant_that_comes_later_is_told_with_the_next_change(world: World) -> None:
    found = schedule_maintenance(world)
    newcomer = make_tenant("newcomer")
    make_subscription(newcomer, world.service)
    assert planned_for(newcomer, now=NOW) == []
    post_news(maintenance=found, version=None, note=NOTE, by=SYSTEM, now=LATER)
    assert len(planned_for(newcomer, now=LATER)) == 1
    assert events()[1:] == [
        ("maintenance.changed", "stayed"),
        ("maintenance.scheduled", "added"),
    ]


def test_who_came_later_hears_of_all_that_follows_as_the_others_do(world: World) -> None:
    found = schedule_maintenance(world)
    make_subscription(make_tenant("newcomer"), world.service)
    post_news(maintenance=found, version=None, note=NOTE, by=SYSTEM, now=LATER)
    start(maintenance=found, version=None, by=SYSTEM, now=LATER)
    cancel(maintenance=found, version=None, note=NOTE, by=SYSTEM, now=LATER)
    assert events()[3:] == [("maintenance.started", "all"), ("maintenance.cancelled", "all")]


def test_a_cancelled_one_stays_in_calendars_long_enough_to_be_taken_out(world: World) -> None:
    found = schedule_maintenance(world)
    cancel(maintenance=found, version=None, note=NOTE, by=SYSTEM, now=LATER)
    assert planned_for(world.alice, now=LATER) == []
    assert [each.maintenance.state for each in past_for(world.alice, now=LATER)] == ["cancelled"]
    soon, late = LATER + 60 * DAY, LATER + 100 * DAY
    assert len(known_to(world.alice, now=soon)) == 1
    assert known_to(world.alice, now=late) == []
    with pytest.raises(Refused):
        cancel(maintenance=found, version=None, note={}, by=SYSTEM, now=LATER)


def test_the_clock_starts_and_ends_it(world: World) -> None:
    found = schedule_maintenance(world)
    assert follow_the_clock(now=START - timedelta(seconds=1)) == 0
    assert follow_the_clock(now=START) == 1
    assert again(found).state == "in_progress"
    assert follow_the_clock(now=START) == 0
    assert follow_the_clock(now=END) == 1
    assert (again(found).state, again(found).ended_at) == ("completed", END)
    assert [kind for kind, _group in events()[1:]] == [
        "maintenance.started",
        "maintenance.completed",
    ]


def test_a_window_that_went_by_unseen_is_only_told_to_be_over(world: World) -> None:
    found = schedule_maintenance(world)
    assert follow_the_clock(now=END + DAY) == 1
    assert again(found).state == "completed"
    assert [kind for kind, _group in events()] == [
        "maintenance.scheduled",
        "maintenance.completed",
    ]


def test_the_clock_leaves_alone_what_a_person_wants_to_start(world: World) -> None:
    found = schedule_maintenance(world, starts_itself=False, ends_itself=False)
    assert follow_the_clock(now=END + DAY) == 0
    start(maintenance=found, version=None, by=SYSTEM, now=START)
    assert follow_the_clock(now=END + DAY) == 0
    complete(maintenance=found, version=None, note=NOTE, by=SYSTEM, now=END)
    assert again(found).state == "completed"


def test_work_that_has_begun_keeps_its_start(world: World) -> None:
    found = schedule_maintenance(world)
    start(maintenance=found, version=None, by=SYSTEM, now=START)
    with pytest.raises(Refused) as refused:
        move(
            maintenance=again(found),
            version=None,
            start_at=START + DAY,
            end_at=END + DAY,
            note={},
            by=SYSTEM,
            now=START,
        )
    assert refused.value.field == "start_at"
    longer = END + timedelta(hours=3)
    move(
        maintenance=again(found),
        version=None,
        start_at=START,
        end_at=longer,
        note=NOTE,
        by=SYSTEM,
        now=END,
    )
    assert again(found).end_at == longer


def test_two_people_cannot_overwrite_each_other(world: World) -> None:
    draft = draft_maintenance(world)
    schedule(maintenance=draft, version=draft.version, by=SYSTEM, now=NOW)
    with pytest.raises(Conflict):
        cancel(maintenance=draft, version=draft.version, note={}, by=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        edit_draft(
            maintenance=draft,
            version=None,
            fields=maintenance_fields(world),
            by=SYSTEM,
            now=NOW,
        )


def test_what_did_not_change_is_not_told(world: World) -> None:
    found = schedule_maintenance(world)
    with pytest.raises(Refused):
        change(
            maintenance=found,
            version=None,
            fields=fields_of(found),
            note=NOTE,
            by=SYSTEM,
            now=LATER,
        )
    assert MessageUpdate.objects.count() == 1


def test_a_draft_can_be_thrown_away(world: World) -> None:
    draft = draft_maintenance(world)
    discard_draft(maintenance=draft, by=SYSTEM, now=NOW)
    assert not Maintenance.objects.exists()
    found = schedule_maintenance(world)
    with pytest.raises(Refused):
        discard_draft(maintenance=found, by=SYSTEM, now=NOW)


def test_the_public_sees_only_what_is_public_of_services_that_are(world: World) -> None:
    from tests.factories import make_service

    hidden = make_service(world.provider, "hidden", is_public=False)
    private = schedule_maintenance(world)
    public = schedule_maintenance(world, is_public=True, services=(world.service, hidden))
    (view,) = public_planned(world.provider)
    assert (view.maintenance, view.services) == (public, [world.service])
    with pytest.raises(NoAccess):
        public_maintenance(world.provider, private.reference)


def test_the_mark_of_a_tenant_changes_with_its_maintenance_only(world: World) -> None:
    found = schedule_maintenance(world, components=(world.second,))
    before = planned_mark(world.charlie), planned_mark(world.alice)
    post_news(maintenance=found, version=None, note=NOTE, by=SYSTEM, now=LATER)
    after = planned_mark(world.charlie), planned_mark(world.alice)
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)
