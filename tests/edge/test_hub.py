from __future__ import annotations

from standfast.edge.hub import OPENING_SECONDS, EventHub
from standfast.engine.streaming.event import Event


def event(number: int) -> Event:
    return Event(number, frozenset({1}), provider=1, public=False, frames={"en": b"%d;" % number})


def test_a_reader_gets_what_came_after_its_place() -> None:
    hub = EventHub()
    hub.publish([event(1)])
    place = hub.position
    hub.publish([event(2), event(3)])
    assert [each.id for each in hub.since(place) or []] == [2, 3]
    assert hub.since(hub.position) == []


def test_a_reader_resumes_behind_the_event_it_saw_last() -> None:
    hub = EventHub()
    hub.publish([event(10), event(12), event(11)])
    place = hub.position_after(12)
    assert place is not None
    assert [each.id for each in hub.since(place) or []] == [11]
    assert hub.position_after(99) is None


def test_a_reader_that_the_ring_has_overtaken_is_told_so() -> None:
    hub = EventHub(ring=3)
    place = hub.position
    hub.publish([event(number) for number in range(3)])
    assert len(hub.since(place) or []) == 3
    hub.publish([event(3)])
    assert hub.since(place) is None


def test_what_happened_while_a_page_opened_its_stream_is_told_apart_from_what_is_old() -> None:
    now = [100.0]
    hub = EventHub(ring=3, clock=lambda: now[0])
    assert (list(hub.of_late()), hub.newest) == ([], 0)
    hub.publish([event(1)])
    now[0] += OPENING_SECONDS - 1
    hub.publish([event(3), event(2)])
    assert [each.id for each in hub.of_late()] == [2, 3, 1]
    assert hub.newest == 2
    now[0] += 1
    assert [each.id for each in hub.of_late()] == [2, 3]
    hub.publish([event(4), event(5)])
    assert [each.id for each in hub.of_late()] == [5, 4, 2]
