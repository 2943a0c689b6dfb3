"""Open pages hear of maintenance: exactly those whom it concerns, and nothing that is secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from standfast.apps.incidents.queries.stream import rows_beyond
from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.messagecenter.queries.stream import maintenance_items
from standfast.apps.messagecenter.services.drafting import edit_draft
from standfast.apps.messagecenter.services.fields import fields_of
from standfast.apps.messagecenter.services.running import complete, post_news, start
from standfast.apps.messagecenter.services.scheduling import cancel, change, move, schedule
from standfast.apps.tenancy.models import Organisation, OutboxEvent
from standfast.engine.streaming.event import Event
from standfast.engine.streaming.ticket import Ticket
from standfast.web.streams import as_event
from tests.factories import NOW, SYSTEM, make_provider, make_service, make_subscription, make_tenant
from tests.factories_incidents import World, make_world
from tests.factories_messages import (
    END,
    NOTE,
    START,
    draft_maintenance,
    schedule_maintenance,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
SAID: dict[str, Any] = {"version": None, "note": NOTE, "by": SYSTEM, "now": LATER}


@pytest.fixture
def world() -> World:
    return make_world()


def heard(act: Callable[[], object]) -> list[Event]:
    """The events that the act brings to open pages."""
    seen = set(OutboxEvent.objects.values_list("id", flat=True))
    act()
    return [as_event(item) for item in maintenance_items(rows_beyond(seen))]


def ticket(*tenants: Organisation, console: int | None = None, public: int | None = None) -> Ticket:
    numbers = tuple(each.number for each in tenants if each.number is not None)
    return Ticket(numbers, console, public, "en", 2**40)


def who(world: World, event: Event) -> set[str]:
    """Everybody with an open page who gets the event."""
    rival = make_provider()
    pages = {
        **{each.slug: ticket(each) for each in (world.alice, world.bob, world.charlie, world.dora)},
        "console": ticket(console=world.provider.pk),
        "visitors": ticket(public=world.provider.pk),
        "rival's console": ticket(console=rival.pk),
        "rival's visitors": ticket(public=rival.pk),
        "partner of nobody": ticket(),
    }
    return {name for name, page in pages.items() if event.is_for(page)}


def text(event: Event, language: str = "en") -> str:
    return event.frames[language].decode()


ACTS: dict[str, Callable[[Maintenance], object]] = {
    "Started": lambda found: start(maintenance=found, **SAID),
    "Updated": lambda found: post_news(maintenance=found, **SAID),
    "Completed": lambda found: (
        start(maintenance=found, **SAID),
        complete(maintenance=found, **SAID),
    ),
    "Cancelled": lambda found: cancel(maintenance=found, **SAID),
}


@pytest.mark.parametrize("word", ACTS)
def test_every_act_reaches_those_who_were_told_and_nobody_else(world: World, word: str) -> None:
    found = schedule_maintenance(world, components=(world.second,))
    event = heard(lambda: ACTS[word](found))[-1]
    assert who(world, event) == {"bob", "charlie", "console"}
    assert f"<strong>{word}</strong>" in text(event)
    assert found.reference in text(event)
    assert "更換信箱儲存設備" in text(event, "zh-hant")


def test_scheduling_and_moving_likewise(world: World) -> None:
    draft = draft_maintenance(world, components=(world.first,))
    (told,) = heard(lambda: schedule(maintenance=draft, version=None, by=SYSTEM, now=NOW))
    day = timedelta(days=1)
    (moved,) = heard(
        lambda: move(maintenance=draft, start_at=START + day, end_at=END + day, **SAID)
    )
    assert who(world, told) == who(world, moved) == {"alice", "bob", "console"}
    assert "<strong>New</strong>" in text(told)
    assert "<strong>Updated</strong>" in text(moved)


def test_a_draft_is_heard_of_by_nobody(world: World) -> None:
    def drafting() -> None:
        draft = draft_maintenance(world, is_public=True)
        fields = replace(fields_of(draft), title={"en": "Other words"})
        edit_draft(maintenance=draft, version=draft.version, fields=fields, by=SYSTEM, now=NOW)

    assert heard(drafting) == []


def test_visitors_hear_of_what_is_public_alone(world: World) -> None:
    shown = schedule_maintenance(world, is_public=True)
    (event,) = heard(lambda: start(maintenance=shown, **SAID))
    assert "visitors" in who(world, event)
    assert "rival's visitors" not in who(world, event)
    world.service.is_public = False
    world.service.save()
    (event,) = heard(lambda: cancel(maintenance=shown, **SAID))
    assert "visitors" not in who(world, event), "its services are not public any more"


def test_the_names_of_services_stay_inside(world: World) -> None:
    secret = make_service(world.provider, "vault", name="The vault")
    secret.is_public = False
    secret.save()
    make_subscription(world.alice, secret)
    both = (world.service, secret)
    (event,) = heard(lambda: schedule_maintenance(world, services=both, is_public=True))
    assert "visitors" in who(world, event)
    assert "vault" not in text(event)


def test_newcomers_hear_that_it_is_new_and_the_others_do_not(world: World) -> None:
    found = schedule_maintenance(world, is_public=True)
    newcomer = make_tenant("newcomer")
    make_subscription(newcomer, world.service)
    changed, new = heard(lambda: post_news(maintenance=found, **SAID))
    assert not changed.is_for(ticket(newcomer))
    assert who(world, changed) == {"alice", "bob", "charlie", "dora", "console", "visitors"}
    assert new.is_for(ticket(newcomer))
    assert who(world, new) == {"console"}


def test_a_quiet_correction_lets_pages_be_fetched_anew_and_says_nothing(world: World) -> None:
    found = schedule_maintenance(world, components=(world.second,))
    fields = replace(fields_of(found), title={"en": "New storage"})
    words: dict[str, Any] = {"version": None, "note": {}, "tell": False, "by": SYSTEM, "now": LATER}
    (event,) = heard(lambda: change(maintenance=found, fields=fields, **words))
    assert who(world, event) == {"bob", "charlie", "console"}
    assert text(event) == f"id: {event.id}\nevent: refresh\ndata: quiet\n\n"


def test_a_quiet_widening_shows_the_new_ones_a_card_and_the_others_nothing(world: World) -> None:
    found = schedule_maintenance(world, components=(world.second,), is_public=True)
    fields = replace(fields_of(found), components=())
    words: dict[str, Any] = {"version": None, "note": {}, "tell": False, "by": SYSTEM, "now": LATER}
    quiet, new = heard(lambda: change(maintenance=found, fields=fields, **words))
    assert who(world, quiet) == {"bob", "charlie", "console", "visitors"}
    assert "event: refresh" in text(quiet)
    assert who(world, new) == {"alice", "dora", "console"}
    assert "<strong>New</strong>" in text(new)


@pytest.mark.parametrize("tell", [True, False])
@pytest.mark.parametrize("how", ["not public", "another service"])
def test_visitors_pages_let_go_of_what_is_not_public_any_more(
    world: World, how: str, tell: bool
) -> None:
    found = schedule_maintenance(world, is_public=True)
    secret = make_service(world.provider, "vault", name="The vault")
    secret.is_public = False
    secret.save()
    before = fields_of(found)
    fields = replace(before, is_public=False, title={"en": "Secret"})
    if how == "another service":
        fields = replace(before, services=(secret,), title={"en": "Secret"})
    events = heard(lambda: change(maintenance=found, fields=fields, **SAID | {"tell": tell}))
    theirs = [event for event in events if "visitors" in who(world, event)]
    assert [text(event) for event in theirs] == [
        f"id: {event.id}\nevent: refresh\ndata: quiet\n\n" for event in theirs
    ]
    assert len(theirs) == 1
    assert who(world, theirs[0]) == {"visitors", "console"}
    (once,) = heard(lambda: post_news(maintenance=found, **SAID))
    assert "visitors" not in who(world, once)


def test_what_is_gone_by_now_does_no_harm(world: World) -> None:
    def gone() -> None:
        found = schedule_maintenance(world)
        Maintenance.objects.filter(pk=found.pk).update(audience=None)
        found.updates.all().delete()
        Maintenance.objects.filter(pk=found.pk).delete()

    assert heard(gone) == []
