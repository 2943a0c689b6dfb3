"""Many deliveries at once: as rows, and as messages."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from standfast.apps.delivery.models import Attempt, Delivery, Notice
from standfast.apps.delivery.rendering.messages import Composer
from standfast.apps.delivery.services.claiming import claim
from standfast.apps.delivery.services.inserting import insert_rows
from tests.factories import NOW, make_placement, make_tenant
from tests.factories_delivery import plan_all, subscribe_mailbox, subscribe_webhook
from tests.factories_incidents import World, on, publish_issue

COLUMNS = (
    *("notice_id", "channel", "address", "reason", "idempotency_key"),
    *("because", "next_attempt_at", "attempts_made"),
)


def rows_of(notice: Notice, count: int) -> list[tuple[object, ...]]:
    because: list[object] = [{}, {"remarks": ["late"], "n": 1}, {"name": "信箱 %s"}, ["late"]]
    return [
        (
            *(notice.pk, "webhook", f"https://hooks.example/{each}", "service", f"key-{each}"),
            *(because[each % 4], NOW + timedelta(seconds=each) if each % 2 else None, each % 7),
        )
        for each in range(count)
    ]


def test_rows_are_what_the_orm_would_write_more_than_one_statement_of_them(world: World) -> None:
    notice = Notice.objects.create(kind="post", created_at=NOW)
    rows = rows_of(notice, 2_003)
    insert_rows(Delivery, COLUMNS, iter(rows))
    fast = list(Delivery.objects.order_by("id").values())
    Delivery.objects.all().delete()
    Delivery.objects.bulk_create(Delivery(**dict(zip(COLUMNS, row, strict=True))) for row in rows)
    slow = list(Delivery.objects.order_by("id").values())
    for one, other in zip(fast, slow, strict=True):
        assert {**one, "id": 0} == {**other, "id": 0}
    assert len(fast) == 2_003


def test_rows_that_are_there_already_are_left_as_they_are(world: World) -> None:
    notice = Notice.objects.create(kind="post", created_at=NOW)
    insert_rows(Delivery, COLUMNS, rows_of(notice, 3))
    Delivery.objects.update(state="sent")
    insert_rows(Delivery, COLUMNS, rows_of(notice, 5), ignore_conflicts=True)
    states = list(Delivery.objects.order_by("id").values_list("state", flat=True))
    assert states == ["sent"] * 3 + ["pending"] * 2


def test_no_rows_are_no_statement(world: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        insert_rows(Attempt, ("delivery_id", "at", "outcome"), [])
    assert not asked.captured_queries


def test_a_message_more_is_no_query_more(world: World) -> None:
    def queries(tenants: int) -> int:
        for place in range(tenants):
            tenant = make_tenant(f"t{place}-of-{tenants}")
            make_placement(tenant, world.first, world.service, 3)
            subscribe_webhook(tenant, f"https://hooks.example/{tenant.slug}")
            subscribe_mailbox(tenant, f"desk@{tenant.slug}.example")
        publish_issue(world, on(world.first))
        plan_all()
        with CaptureQueriesContext(connection) as asked:
            for kind in ("webhook", "email"):
                claimed = claim(channel=kind, worker="test", now=NOW)
                assert len(claimed) >= tenants
                composer = Composer(now=NOW)
                assert all(composer.message(each).address for each in claimed)
        return len(asked.captured_queries)

    few = queries(2)
    assert queries(9) <= few + 2  # the second issue's parts
