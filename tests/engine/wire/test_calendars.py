"""Calendars as calendar programs read them: what moves an event, what takes it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from standfast.engine.wire.calendars import CalendarEvent, MaintenanceCalendar, icalendar

AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
EVENT = CalendarEvent(
    key="MC100007",
    summary="New storage, part 1; mail",
    description="Mail is slow.\nNothing is lost.",
    url="https://status.example.test/portal/alice/maintenance/MC100007/",
    start=START,
    end=START + timedelta(hours=2),
    created=AT,
    modified=AT,
    categories=("Mail",),
)
FEED = MaintenanceCalendar("status.example.test", "Maintenance – Example", (EVENT,), language="en")


class Program:
    """What a calendar program keeps: per UID the event with the highest SEQUENCE (RFC 5546)."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def read(self, feed: MaintenanceCalendar) -> None:
        calendar = Calendar.from_ical(icalendar(feed))
        event: Any
        for event in calendar.walk("VEVENT"):
            known = self.kept.get(str(event["uid"]))
            if known is None or age(event) > age(known):
                self.kept[str(event["uid"])] = event

    @property
    def shown(self) -> list[Any]:
        return [event for event in self.kept.values() if event["status"] != "CANCELLED"]


def age(event: Any) -> tuple[int, datetime]:
    return int(event["sequence"]), event["last-modified"].dt


def changed(event: CalendarEvent, **changes: object) -> CalendarEvent:
    later = event.modified + timedelta(minutes=5)
    return replace(event, sequence=event.sequence + 1, modified=later, **changes)  # type: ignore[arg-type]


def test_a_program_shows_the_event_in_its_window() -> None:
    program = Program()
    program.read(FEED)
    (event,) = program.shown
    assert (event["dtstart"].dt, event["dtend"].dt) == (EVENT.start, EVENT.end)
    assert event["uid"] == "MC100007@status.example.test"
    assert event["status"] == "CONFIRMED"
    assert str(event["description"]) == EVENT.description


def test_a_move_takes_the_entry_along() -> None:
    program = Program()
    program.read(FEED)
    moved = changed(EVENT, start=START + timedelta(days=1), end=START + timedelta(days=1, hours=2))
    program.read(replace(FEED, events=(moved,)))
    (event,) = program.shown
    assert event["dtstart"].dt == moved.start


def test_what_is_called_off_is_struck() -> None:
    program = Program()
    program.read(FEED)
    program.read(replace(FEED, events=(changed(EVENT, cancelled=True),)))
    assert program.shown == []
    assert len(program.kept) == 1


def test_an_old_copy_of_the_feed_changes_nothing() -> None:
    program = Program()
    moved = changed(EVENT, start=START + timedelta(days=1), end=START + timedelta(days=2))
    program.read(replace(FEED, events=(moved,)))
    program.read(FEED)
    (event,) = program.shown
    assert event["dtstart"].dt == moved.start


def test_the_feed_says_what_it_is_and_how_often_to_look() -> None:
    text = icalendar(replace(FEED, language="zh-hant")).decode()
    for line in (
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "DTSTART:20261130T010000Z",
        "DTSTAMP:20261101T090000Z",
        "TRANSP:TRANSPARENT",
    ):
        assert f"{line}\r\n" in text
    assert "SUMMARY;LANGUAGE=zh-Hant:" in text


def test_an_alarm_only_where_it_is_wanted_and_the_work_happens() -> None:
    wanted = replace(FEED, remind=timedelta(hours=1))
    assert b"TRIGGER:-PT1H" in icalendar(wanted)
    assert b"BEGIN:VALARM" not in icalendar(FEED)
    off = replace(wanted, events=(replace(EVENT, cancelled=True),))
    assert b"BEGIN:VALARM" not in icalendar(off)


def test_the_same_facts_make_the_same_bytes() -> None:
    assert icalendar(FEED) == icalendar(FEED)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.text('維護 ab,;:\\\n"'))
def test_whatever_people_write_comes_out_again(summary: str, description: str) -> None:
    event = replace(EVENT, summary=summary, description=description)
    calendar = Calendar.from_ical(icalendar(replace(FEED, events=(event,))))
    found: Any
    (found,) = calendar.walk("VEVENT")
    assert str(found["summary"]) == summary
    assert str(found["description"]) == description
