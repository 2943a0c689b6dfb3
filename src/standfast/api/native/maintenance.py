"""A tenant's planned maintenance, as its dashboard shows it. Scope `health.read`."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from standfast.api.auth import ApiRequest, TokenAuth
from standfast.apps.messagecenter.queries.tenants import known_to, maintenance_for, planned_for
from standfast.apps.messagecenter.queries.views import MaintenanceView

router = Router(tags=["maintenance"])
READ = TokenAuth("health.read")
Texts = dict[str, str]


class UpdateOut(Schema):
    """One update, as announced. `kind` is scheduled, changed, moved, news, started, completed or
    cancelled; of a move `start_before` and `end_before` are the window until then.
    """

    number: int
    kind: str
    body: Texts
    start_at: datetime
    end_at: datetime
    start_before: datetime | None
    end_before: datetime | None
    created_at: datetime


class MaintenanceOut(Schema):
    """A maintenance. `state` is scheduled, in_progress, completed or cancelled; `sequence` grows
    with every change that a calendar must take over.
    """

    reference: str
    provider: str
    services: list[str]
    state: str
    title: Texts
    start_at: datetime
    end_at: datetime
    ended_at: datetime | None
    modified_at: datetime
    sequence: int


class MaintenanceWithUpdates(MaintenanceOut):
    """The whole of it; `updates` newest first."""

    body: Texts
    updates: list[UpdateOut]


@router.get("", response=list[MaintenanceOut], auth=READ)
def maintenance_list(request: HttpRequest, past: bool = False) -> list[MaintenanceOut]:
    """What is planned or going on, soonest first; with `past` also what ended in 90 days."""
    caller = _caller(request)
    read = known_to if past else planned_for
    return [_brief(view) for view in read(caller.auth.organisation, now=caller.now)]


@router.get("/{message}", response=MaintenanceWithUpdates, auth=READ)
def maintenance(request: HttpRequest, message: str) -> MaintenanceWithUpdates:
    """One maintenance with its updates; 404 for one that the tenant was never told of."""
    view = maintenance_for(_caller(request).auth.organisation, message)
    return MaintenanceWithUpdates(
        **_brief(view).dict(),
        body=view.maintenance.body,
        updates=[UpdateOut.from_orm(update) for update in view.updates],
    )


def _caller(request: HttpRequest) -> ApiRequest:
    assert hasattr(request, "auth"), "every operation here names its scope"
    return request  # type: ignore[return-value]  # TokenAuth made it one


def _brief(view: MaintenanceView) -> MaintenanceOut:
    found = view.maintenance
    assert found.start_at is not None, "what was told has a window"
    assert found.end_at is not None, "what was told has a window"
    return MaintenanceOut(
        reference=found.reference,
        provider=found.provider.slug,
        services=[service.key for service in view.services],
        state=found.state,
        title=found.title,
        start_at=found.start_at,
        end_at=found.end_at,
        ended_at=found.ended_at,
        modified_at=found.modified_at,
        sequence=found.sequence,
    )
