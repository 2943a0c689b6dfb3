"""Planned maintenance as programs of a tenant read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from standfast.apps.messagecenter.models import Maintenance
from standfast.apps.messagecenter.services.scheduling import cancel
from standfast.apps.tenancy.models import Organisation
from tests.factories import SYSTEM, make_token
from tests.factories_incidents import World, make_world
from tests.factories_messages import schedule_maintenance

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def ask(tenant: Organisation, path: str = "", *, status: int = 200) -> Any:
    token = make_token(tenant, "health.read")
    headers = {"authorization": f"Bearer {token}"}
    response = Client().get(f"/api/v1/maintenance{path}", headers=headers)
    assert response.status_code == status, response.content
    return response.json()


def planned(world: World) -> Maintenance:
    now = datetime.now(UTC)
    start = now + timedelta(days=2)
    return schedule_maintenance(
        world,
        now=now,
        start_at=start,
        end_at=start + timedelta(hours=2),
        components=(world.second,),
    )


def test_a_tenant_s_programs_see_what_it_was_told(world: World) -> None:
    found = planned(world)
    [line] = ask(world.bob)
    assert (line["reference"], line["state"], line["services"]) == (
        found.reference,
        "scheduled",
        ["mail"],
    )
    whole = ask(world.bob, f"/{found.reference}")
    assert whole["title"]["zh-hant"] == "更換信箱儲存設備"
    assert [update["kind"] for update in whole["updates"]] == ["scheduled"]


def test_others_see_nothing_of_it(world: World) -> None:
    found = planned(world)
    assert ask(world.alice) == []
    foreign = ask(world.alice, f"/{found.reference}", status=404)
    assert foreign == ask(world.alice, "/MC0", status=404)
    assert Client().get("/api/v1/maintenance").status_code == 401


def test_what_was_called_off_is_in_the_past_with_a_higher_sequence(world: World) -> None:
    found = planned(world)
    before = ask(world.bob)[0]["sequence"]
    cancel(maintenance=found, version=None, note={}, by=SYSTEM, now=datetime.now(UTC))
    assert ask(world.bob) == []
    [line] = ask(world.bob, "?past=true")
    assert (line["state"], line["sequence"]) == ("cancelled", before + 1)
