"""Whatever communicators do, the front answers every tenant with the bytes of the application."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import count
from typing import ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from standfast.api.native.health import health_out, written
from standfast.apps.catalog.models import Service, ServiceSubscription
from standfast.apps.catalog.services.subscriptions import subscribe, unsubscribe
from standfast.apps.incidents.queries.health import dashboard_for
from standfast.apps.incidents.queries.stream import newest_event_id
from standfast.apps.messagecenter.queries.statuspage import tenant_facts
from standfast.apps.messagecenter.queries.told import forget_told
from standfast.apps.messagecenter.services.drafting import create_maintenance
from standfast.apps.messagecenter.services.fields import MaintenanceFields
from standfast.apps.messagecenter.services.running import complete, start
from standfast.apps.messagecenter.services.scheduling import schedule
from standfast.apps.tenancy.models import Organisation
from standfast.config.board.following import Follower
from standfast.config.board.refusals import refusal
from standfast.edge.board.board import Board
from standfast.edge.board.statuspage import NAMES
from standfast.engine.wire.statuspage.documents import documents
from tests.apps.incidents.test_never_leaks import Communicators
from tests.apps.incidents.town import SERVICES, TENANTS, make_town
from tests.factories import SYSTEM, make_service, make_token


def _always(token: int, now: float) -> None:
    return None


class WithFront(Communicators):
    """The communicators, planned work and changing subscriptions, beside a front."""

    tokens: ClassVar[dict[str, str]]
    extra: ClassVar[Service]

    def __init__(self) -> None:
        super().__init__()
        forget_told()
        self.board = Board(
            base="http://127.0.0.1:8000",
            secret="test",
            admit=_always,
            refuse=refusal,
            clock=self.clock,
        )
        self.follower = Follower(self.board, clock=count().__next__)  # reads names each time
        self.looked_at = {newest_event_id()}
        self.follower.begin()

    def clock(self) -> float:
        return self.now.timestamp()

    @rule(name=st.sampled_from(TENANTS))
    def change_subscription(self, name: str) -> None:
        tenant = self.town.tenants[name]
        found = ServiceSubscription.objects.filter(tenant=tenant, service=self.extra).first()
        if found is None:
            subscribe(tenant=tenant, service=self.extra, by=SYSTEM, now=self.now)
        else:
            unsubscribe(subscription=found, by=SYSTEM, now=self.now)

    @rule(service=st.sampled_from(SERVICES[:2]), steps=st.integers(0, 2))
    def plan_work(self, service: str, steps: int) -> None:
        fields = MaintenanceFields(
            title={"en": "Work", "zh-hant": "維護"},
            body={"en": "Some work."},
            services=(self.town.services[service],),
            start_at=self.now + timedelta(hours=1),
            end_at=self.now + timedelta(hours=2),
        )
        row = create_maintenance(
            provider=self.town.provider, fields=fields, by=SYSTEM, now=self.now
        )
        schedule(maintenance=row, version=row.version, by=SYSTEM, now=self.now)
        for step in (start, complete)[:steps]:
            row.refresh_from_db()
            step(maintenance=row, version=row.version, by=SYSTEM, now=self.now)

    @invariant()
    def the_front_answers_as_the_application_does(self) -> None:
        look = self.follower.look(self.looked_at, now=self.now)
        self.board.look(look.world, now=time.monotonic())
        for name, token in self.tokens.items():
            tenant = Organisation.objects.get(pk=self.town.tenants[name].pk)
            bearer = [(b"authorization", f"Bearer {token}".encode())]
            wanted = {"/api/v1/health": written(health_out(dashboard_for(tenant, now=self.now)))}
            pages = documents(tenant_facts(tenant, now=self.now))
            for page in NAMES:
                wanted[f"/api/statuspage/{tenant.slug}/api/v2/{page}"] = pages[page]
            for address, body in wanted.items():
                self.board.look(now=time.monotonic())
                answer = self.board.find(b"GET", address.encode(), bearer)
                assert answer is not None, address
                assert answer.body == body, address


@pytest.mark.slow
@pytest.mark.django_db
def test_the_front_answers_every_tenant_as_the_application_does() -> None:
    WithFront.town = Communicators.town = make_town()
    WithFront.town.tenants["cho"].language = "zh-hant"
    WithFront.town.tenants["cho"].save()
    WithFront.extra = make_service(WithFront.town.provider, "extra", name="Extra")
    WithFront.tokens = {
        name: make_token(tenant, "health.read") for name, tenant in WithFront.town.tenants.items()
    }
    run_state_machine_as_test(
        WithFront,
        settings=settings(
            max_examples=8, stateful_step_count=12, deadline=None, phases=[Phase.generate]
        ),
    )
