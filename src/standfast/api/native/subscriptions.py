"""Which tenants use which services. Scopes `catalog.read` and `catalog.write`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest
from ninja import Router, Schema, Status

from standfast.api.auth import ApiRequest, TokenAuth, actor_of
from standfast.api.native.named import service_named, tenant_named
from standfast.api.native.paging import paged
from standfast.apps.catalog.queries.services import get_service_for, subscriptions_of
from standfast.apps.catalog.queries.tenants import get_subscription_for
from standfast.apps.catalog.services.subscriptions import subscribe, unsubscribe

if TYPE_CHECKING:
    from standfast.apps.catalog.models import ServiceSubscription

router = Router(tags=["catalog"])
READ, WRITE = TokenAuth("catalog.read"), TokenAuth("catalog.write")
PAGE_SIZE = 100


class SubscriptionIn(Schema):
    """A tenant (short name) uses a service (key)."""

    tenant: str
    service: str
    seats: int = 0


class SubscriptionOut(SubscriptionIn):
    """A tenant uses a service since a moment."""

    since: datetime


class SubscriptionPage(Schema):
    """A page of subscriptions."""

    items: list[SubscriptionOut]
    count: int
    page: int
    pages: int


@router.get("", response=SubscriptionPage, auth=READ)
def subscriptions(request: HttpRequest, service: str, page: int = 1) -> dict[str, Any]:
    """Who uses a service, the newest first."""
    found = get_service_for(cast(ApiRequest, request).auth.organisation, service)
    return paged(Paginator(subscriptions_of(found), PAGE_SIZE).get_page(page), _shape)


@router.put("", response=SubscriptionOut, auth=WRITE)
def put_subscription(request: HttpRequest, body: SubscriptionIn) -> dict[str, Any]:
    """Let a tenant use a service, or change its seats."""
    caller = cast(ApiRequest, request)
    made = subscribe(
        tenant=tenant_named(body.tenant),
        service=service_named(caller.auth.organisation, body.service),
        seats=body.seats,
        by=actor_of(caller),
        now=caller.now,
    )
    return _shape(made)


@router.delete("", response={204: None}, auth=WRITE)
def end_subscription(request: HttpRequest, tenant: str, service: str) -> Status[None]:
    """End the use; refused while users are placed there."""
    caller = cast(ApiRequest, request)
    found = get_subscription_for(caller.auth.organisation, tenant, service)
    unsubscribe(subscription=found, by=actor_of(caller), now=caller.now)
    return Status(204, None)


def _shape(found: ServiceSubscription) -> dict[str, Any]:
    return {
        "tenant": found.tenant.slug,
        "service": found.service.key,
        "seats": found.seats,
        "since": found.since,
    }
