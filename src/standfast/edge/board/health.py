"""A tenant's dashboard as JSON, joined from pieces: `GET /api/v1/health`."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

from standfast.edge.board.world import Group, Line, Tenant, World
from standfast.engine.health.days import AS_BAR, CALM, Span, touched
from standfast.engine.health.status import rank, roll_up

BAR_DAYS: Final = 30
#: Lines of services that are remembered in one world.
MOST_LINES: Final = 20_000


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
    key = (service, past, tuple(each.issue_id for each in here))
    line = world.kept_lines.get(key)
    if line is None:
        if len(world.kept_lines) >= MOST_LINES:
            world.kept_lines.clear()
        shown = world.lines[service]
        line = world.kept_lines[key] = _written(world, shown, group, service, past)
    return line


def _written(world: World, line: Line, group: Group, service: int, past: int) -> bytes:
    here = group.of_service.get(service, ())
    status = roll_up(each.status for each in here).value
    references = [each.reference for each in here]
    first = world.today - timedelta(days=BAR_DAYS - 1)
    days = [
        {"day": (first + timedelta(days=place)).isoformat(), "status": worst}
        for place, worst in enumerate(_days(world, group, service, past))
    ]
    return b'{"key": %b, "name": %b, "status": %b, "open_issues": %b, "days": %b}' % (
        *(_json(line.key), line.name, _json(status), _json(references), _json(days)),
    )


def _days(world: World, group: Group, service: int, past: int) -> list[str]:
    worst = [CALM] * BAR_DAYS
    for shift, classification in enumerate(("incident", "advisory")):
        mask = past >> (32 * shift)
        for place in range(BAR_DAYS):
            if mask >> place & 1:
                worst[place] = _worse(worst[place], AS_BAR[classification])
    for issue in group.of_service.get(service, ()):
        # Of an open issue its classification does not show.
        span = Span("incident", issue.status, issue.start, None)
        for place in touched(span, today=world.today, days=BAR_DAYS):
            worst[place] = _worse(worst[place], issue.status)
    return worst


def _worse(one: str, other: str) -> str:
    return other if rank(other) > rank(one) else one


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
