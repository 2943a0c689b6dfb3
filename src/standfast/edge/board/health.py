"""A tenant's dashboard as JSON, joined from pieces: `GET /api/v1/health`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from standfast.edge.board.world import Group, OpenIssue, Tenant, World
from standfast.engine.health.days import AS_BAR, CALM, Span, touched
from standfast.engine.health.status import Status, rank, roll_up

BAR_DAYS: Final = 30
_RANK: Final = {status.value: rank(status) for status in Status}
#: Bars of days that are remembered in one world.
MOST_DAYS: Final = 20_000


def dashboard(world: World, tenant: Tenant) -> bytes:
    """What the application would answer, byte for byte."""
    group = world.group_of(tenant.number)
    issues, most = [], 0
    for issue in group.listed:
        users = issue.users_of(tenant.number)
        most = max(most, users)
        issues.append(b"%b%d%b" % (issue.head, users, issue.tail))
    past = world.past[tenant.number].tolist()
    lines = [
        _line(world, group, service, past[world.lines[service].column])
        for service in tenant.services
    ]
    return b"".join(
        (
            b'{"open_count": %d, "affected_users": %d, ' % (len(issues), most),
            b'"next_update_by": %b, ' % _moment(group.next_update_by),
            b'"services": [%b], ' % b", ".join(lines),
            b'"issues": [%b]}' % b", ".join(issues),
        )
    )


def _line(world: World, group: Group, service: int, past: int) -> bytes:
    here = group.of_service.get(service, ())
    key = (past, *[(each.status, each.start.date()) for each in here])
    known = world.kept_days.get(key)
    if known is None:
        if len(world.kept_days) >= MOST_DAYS:
            world.kept_days.clear()
        known = world.kept_days[key] = _status_and_days(world, here, past)
    status, days = known
    line = world.lines[service]
    references = b", ".join([each.reference for each in here])
    return b'{"key": %b, "name": %b, "status": %b, "open_issues": [%b], "days": [%b]}' % (
        *(line.key, line.name, status, references, days),
    )


def _status_and_days(world: World, here: Sequence[OpenIssue], past: int) -> tuple[bytes, bytes]:
    worst = _days(world, here, past)
    days = [world.day_texts[place][status] for place, status in enumerate(worst)]
    return _json(roll_up(each.status for each in here).value), b", ".join(days)


def _days(world: World, here: Sequence[OpenIssue], past: int) -> list[str]:
    worst = [CALM] * BAR_DAYS
    if past:
        for shift, classification in ((0, "incident"), (32, "advisory")):
            mask = past >> shift
            for place in range(BAR_DAYS):
                if mask >> place & 1:
                    _worsen(worst, place, AS_BAR[classification])
    for issue in here:
        # Of an open issue its classification does not show.
        span = Span("incident", issue.status, issue.start, None)
        for place in touched(span, today=world.today, days=BAR_DAYS):
            _worsen(worst, place, issue.status)
    return worst


def _worsen(worst: list[str], place: int, status: str) -> None:
    if _RANK[status] > _RANK[worst[place]]:
        worst[place] = status


def day_texts(today: date) -> list[dict[str, bytes]]:
    """Every day of a bar with every status, as JSON."""
    first = today - timedelta(days=BAR_DAYS - 1)
    days = ((first + timedelta(days=place)).isoformat() for place in range(BAR_DAYS))
    return [
        {status.value: _json({"day": day, "status": status.value}) for status in Status}
        for day in days
    ]


def _moment(at: datetime | None) -> bytes:
    """As Django writes times into JSON: milliseconds, when there are any."""
    if at is None:
        return b"null"
    text = at.isoformat()
    if at.microsecond:
        text = text[:23] + text[26:]
    return f'"{text.removesuffix("+00:00")}Z"'.encode()


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
