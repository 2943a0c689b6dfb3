"""The health of many tenants at once, for the partner that looks after them.

The number of queries does not depend on the number of tenants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from standfast.apps.catalog.models import Service, ServiceSubscription
from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.queries.board import current_board
from standfast.apps.incidents.queries.reach import users_in
from standfast.apps.incidents.queries.seating import Seat
from standfast.apps.tenancy.models import Organisation
from standfast.engine.health.status import Status, rank, roll_up


@dataclass(frozen=True, slots=True)
class CustomerHealth:
    """One customer. `statuses` has each service that it uses, by the service's id."""

    tenant: Organisation
    statuses: dict[int, Status]
    issues: list[Issue]
    users: int

    @property
    def worst(self) -> Status:
        """The worst status of its services."""
        return max(self.statuses.values(), key=rank, default=Status.SERVICE_OPERATIONAL)


@dataclass(frozen=True, slots=True)
class CustomerShare:
    """One customer in an issue, with how many of its people were counted in."""

    tenant: Organisation
    users: int


@dataclass(frozen=True, slots=True)
class SharedIssue:
    """An open issue with the customers that it hits, the most people first."""

    issue: Issue
    customers: list[CustomerShare]


@dataclass(frozen=True, slots=True)
class CustomersHealth:
    """`customers`: who needs somebody first. `services`: every service that one of them uses."""

    services: list[Service]
    customers: list[CustomerHealth]
    issues: list[SharedIssue]

    @property
    def troubled(self) -> list[CustomerHealth]:
        """The customers with an open issue."""
        return [customer for customer in self.customers if customer.issues]


def health_of_customers(tenants: Sequence[Organisation], *, now: datetime) -> CustomersHealth:
    """The open issues and statuses of these tenants; the caller has checked who may ask."""
    board = current_board(now)
    seats = {each.pk: board.open_for(each.number) for each in tenants if each.number is not None}
    wanted = {key for mine in seats.values() for key in mine}
    rows = Issue.objects.filter(pk__in=wanted).select_related("service", "feature", "provider")
    light = rows.defer("scope", "more_info", "workaround", "root_cause")
    issues = {issue.pk: issue for issue in light.order_by("-start_at", "-id")}
    used = _services_used(tenants)
    _read_audiences(seats)
    shares: dict[int, list[CustomerShare]] = {key: [] for key in issues}
    customers = []
    for tenant in tenants:
        mine = {key: seat for key, seat in seats.get(tenant.pk, {}).items() if key in issues}
        users = _users(mine, tenant)
        for key in mine:
            shares[key].append(CustomerShare(tenant, users[key]))
        customers.append(_customer(tenant, mine, issues, used.get(tenant.pk, {}), users))
    services = {key: service for mine in used.values() for key, service in mine.items()}
    return CustomersHealth(
        services=sorted(services.values(), key=lambda each: (each.position, each.pk)),
        customers=sorted(customers, key=_urgency),
        issues=sorted(
            (SharedIssue(issues[key], _most_first(found)) for key, found in shares.items()),
            key=lambda each: rank(each.issue.status),
            reverse=True,
        ),
    )


def _services_used(tenants: Sequence[Organisation]) -> dict[int, dict[int, Service]]:
    found: dict[int, dict[int, Service]] = {}
    rows = ServiceSubscription.objects.filter(tenant__in=tenants, service__retired_at__isnull=True)
    for row in rows.select_related("service"):
        found.setdefault(row.tenant_id, {})[row.service_id] = row.service
    return found


def _read_audiences(seats: dict[int, dict[int, Seat]]) -> None:
    """Read every audience at once; what follows for each tenant is then answered from memory."""
    users_in({seat.audience_id for mine in seats.values() for seat in mine.values()}, 0)


def _users(mine: dict[int, Seat], tenant: Organisation) -> dict[int, int]:
    assert tenant.number is not None or not mine
    by_audience = users_in({seat.audience_id for seat in mine.values()}, tenant.number or 0)
    return {key: by_audience.get(seat.audience_id, 0) for key, seat in mine.items()}


def _customer(
    tenant: Organisation,
    mine: dict[int, Seat],
    issues: dict[int, Issue],
    used: dict[int, Service],
    users: dict[int, int],
) -> CustomerHealth:
    own = [issue for key, issue in issues.items() if key in mine]
    most: dict[int, int] = {}
    for issue in own:
        most[issue.service_id] = max(most.get(issue.service_id, 0), users[issue.pk])
    statuses = {
        key: roll_up(issue.status for issue in own if issue.service_id == key) for key in used
    }
    return CustomerHealth(tenant, statuses, own, sum(most.values()))


def _urgency(customer: CustomerHealth) -> tuple[int, int, str]:
    worst = rank(customer.worst) if customer.issues else 0
    return (-worst, -customer.users, customer.tenant.name)


def _most_first(shares: list[CustomerShare]) -> list[CustomerShare]:
    return sorted(shares, key=lambda share: (-share.users, share.tenant.name))
