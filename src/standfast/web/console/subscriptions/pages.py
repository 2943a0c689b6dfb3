"""The list of subscriptions, and one of them with what was sent to it."""

from __future__ import annotations

from django.http import HttpResponse

from standfast.apps.delivery.queries.directory import (
    CONDITIONS,
    OWNERS,
    Filter,
    count_by_condition,
    get_subscription_of,
    health_of,
    last_told_lines,
    subscriptions_of,
)
from standfast.apps.delivery.queries.reach import chosen_services
from standfast.channels.registry import CHANNELS
from standfast.web.console.frame import console_page, show
from standfast.web.entry import PageRequest


@console_page("delivery.read")
def subscriptions(request: PageRequest) -> HttpResponse:
    """Find subscriptions by address, person or organisation, and by how they do."""
    provider, asked = request.access.organisation, request.GET
    chosen = Filter(
        search=asked.get("q", "").replace("\x00", ""),
        condition=_one_of(asked.get("condition", ""), CONDITIONS),
        owner=_one_of(asked.get("owner", ""), OWNERS),
        channel=_one_of(asked.get("channel", ""), CHANNELS),
    )
    context = {
        "chosen": chosen,
        "page": subscriptions_of(provider, chosen, page=asked.get("page", 1)),
        "counts": count_by_condition(provider),
        "conditions": CONDITIONS,
        "owners": OWNERS,
        "channels": list(CHANNELS),
    }
    return show(request, "subscriptions/list", context)


@console_page("delivery.read")
def subscription(request: PageRequest, subscription_id: int) -> HttpResponse:
    """One subscription: what it asks for, how it does, what was sent and why."""
    found = get_subscription_of(request.access, subscription_id)
    provider = request.access.organisation
    own, others = chosen_services(provider, found)
    context = {
        "subscription": found,
        "services": own,
        "services_of_others": others,
        "health": health_of(provider, found, now=request.now),
        "lines": last_told_lines(provider, found),
        "address_is_given": found.user_id is not None and found.channel == "email",
    }
    return show(request, "subscriptions/one", context)


def _one_of(word: str, known: object) -> str:
    return word if word in known else ""  # type: ignore[operator]  # a tuple or a mapping
