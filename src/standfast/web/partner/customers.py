"""Customers and their services in one picture, and every open issue of theirs."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from standfast.apps.incidents.queries.customers import CustomerHealth, health_of_customers
from standfast.apps.tenancy.queries.access import delegations_to
from standfast.engine.health.status import Status
from standfast.web.answers import customers_answer
from standfast.web.entry import PageRequest, organisation_page

# Longer lists wait for “show all”.
MOST_ISSUES = 20


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A customer with a cell for each service of the matrix; None: it does not use the service."""

    customer: CustomerHealth
    cells: list[Status | None]


@organisation_page("partner", "customers.read")
def customers(request: PageRequest) -> HttpResponse:
    """The customers that let this partner act for them now; those in trouble first."""
    partner = request.access.organisation
    tenants = [each.tenant for each in delegations_to(partner, now=request.now)]
    found = health_of_customers([tenant for tenant in tenants if tenant.is_tenant], now=request.now)
    rows = [
        MatrixRow(customer, [customer.statuses.get(service.pk) for service in found.services])
        for customer in found.customers
    ]
    context = {
        "answer": customers_answer(found),
        "found": found,
        "rows": rows,
        "issues": found.issues if "all" in request.GET else found.issues[:MOST_ISSUES],
    }
    return render(request, "partner/customers.html", context)
