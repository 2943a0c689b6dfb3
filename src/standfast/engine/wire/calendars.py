"""Planned work as an iCalendar feed (RFC 5545, 7986) that calendar programs keep up with.

An event keeps its UID; each change raises its SEQUENCE and LAST-MODIFIED, which is how a program
knows that what it has is old. What is called off stays in the feed as CANCELLED, because programs
that look once a day would otherwise keep it for ever. Times are in UTC: every program shows them
in its owner's zone, and no zone's rules have to be shipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event, vDuration, vText

LOOK_AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One maintenance. `key` is stable; `sequence` grows with every change."""

    key: str
    summary: str
    description: str
    url: str
    start: datetime
    end: datetime
    created: datetime
    modified: datetime
    sequence: int = 0
    cancelled: bool = False
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MaintenanceCalendar:
    """A whole feed. `host` makes the UIDs; `remind` puts an alarm so long before each start."""

    host: str
    name: str
    events: tuple[CalendarEvent, ...]
    language: str = "en"
    url: str = ""
    remind: timedelta | None = None


def icalendar(calendar: MaintenanceCalendar) -> bytes:
    """The feed as text/calendar."""
    made = Calendar()
    made.add("prodid", "-//Standfast//Planned maintenance//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", calendar.name)
    made.add("name", vText(calendar.name, params={"LANGUAGE": _tag(calendar.language)}))
    made.add("refresh-interval", _span(LOOK_AGAIN, value=True))
    made.add("x-published-ttl", _span(LOOK_AGAIN))
    if calendar.url:
        made.add("url", calendar.url)
    for event in calendar.events:
        made.add_component(_event(event, calendar))
    written: bytes = made.to_ical()
    return written


def _event(event: CalendarEvent, calendar: MaintenanceCalendar) -> Event:
    made = Event()
    language = {"LANGUAGE": _tag(calendar.language)}
    made.add("uid", f"{event.key}@{calendar.host}")
    made.add("sequence", event.sequence)
    made.add("dtstamp", event.modified.astimezone(UTC))
    made.add("created", event.created.astimezone(UTC))
    made.add("last-modified", event.modified.astimezone(UTC))
    made.add("dtstart", event.start.astimezone(UTC))
    made.add("dtend", event.end.astimezone(UTC))
    made.add("summary", event.summary, parameters=language)
    made.add("description", event.description, parameters=language)
    made.add("url", event.url)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    # Somebody else's work keeps nobody from meetings.
    made.add("transp", "TRANSPARENT")
    made.add("class", "PUBLIC")
    if event.categories:
        made.add("categories", list(event.categories))
    if calendar.remind is not None and not event.cancelled:
        made.add_component(_alarm(event, calendar.remind))
    return made


def _alarm(event: CalendarEvent, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event.summary)
    alarm.add("trigger", -before)
    return alarm


def _span(span: timedelta, *, value: bool = False) -> vDuration:
    return vDuration(span, params={"VALUE": "DURATION"}) if value else vDuration(span)


def _tag(language: str) -> str:
    return "zh-Hant" if language.startswith("zh") else language
