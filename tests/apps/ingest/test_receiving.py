"""What becomes of alerts: placed, kept, tied to one issue, however often and in whatever order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfast.apps.incidents.models import Issue
from standfast.apps.incidents.services.drafting import dismiss
from standfast.apps.incidents.services.publishing import publish_detected
from standfast.apps.ingest.models import Alert, Notification
from standfast.apps.ingest.queries.alerts import summary_of
from standfast.apps.ingest.queries.sources import sources_of, unplaced_alerts
from standfast.apps.ingest.queries.trial import try_payload
from standfast.apps.ingest.services.again import place_again
from standfast.engine.targeting import Scope
from standfast.feeds.errors import FeedError
from tests.factories import NOW, SYSTEM, make_component
from tests.factories_ingest import Monitored, alert, body, databases, make_monitored, make_rule


def components_of(issue: Issue) -> set[int]:
    return set(Scope.from_json(issue.scope).components)


def test_an_alert_opens_a_detected_issue_on_its_component(monitored: Monitored) -> None:
    received = monitored.receive(body())
    issue = Issue.objects.get()
    assert received.issues == [issue.reference]
    assert (issue.stage, issue.status, issue.severity) == ("detected", "serviceDegradation", "high")
    assert issue.title == {"en": "Mailbox database MBX-1 is down"}
    assert issue.start_at == datetime(2026, 3, 2, 8, 55, 0, 839286, tzinfo=UTC)
    assert components_of(issue) == {monitored.world.first.pk}
    row = Alert.objects.get()
    assert (row.issue, row.component, row.service) == (
        issue,
        monitored.world.first,
        monitored.world.service,
    )
    assert Notification.objects.get().outcome == "taken"


def test_a_repetition_changes_nothing_but_the_count(monitored: Monitored) -> None:
    for minutes in (0, 5, 240):
        monitored.receive(body(), now=NOW + timedelta(minutes=minutes))
    assert Issue.objects.count() == 1
    row = Alert.objects.get()
    assert (row.times_received, row.last_received_at) == (3, NOW + timedelta(minutes=240))


def test_a_group_opens_one_issue_and_feeds_it_as_it_grows(monitored: Monitored) -> None:
    monitored.receive(body(alert("MBX-1")))
    monitored.receive(body(*databases(["MBX-1", "MBX-2"])))
    issue = Issue.objects.get()
    assert components_of(issue) == {monitored.world.first.pk, monitored.world.second.pk}
    assert Alert.objects.filter(issue=issue).count() == 2


def test_other_groups_open_issues_of_their_own(monitored: Monitored) -> None:
    monitored.receive(body(alert("MBX-1"), group="{}:{a}"))
    monitored.receive(body(alert("MBX-2"), group="{}:{b}"))
    assert Issue.objects.count() == 2


def test_a_published_issue_keeps_its_scope_and_shows_the_alert(monitored: Monitored) -> None:
    monitored.receive(body(alert("MBX-1")))
    publish_detected(issue=Issue.objects.get(), by=SYSTEM, now=NOW)
    monitored.receive(body(*databases(["MBX-1", "MBX-2"])))
    issue = Issue.objects.get()
    assert components_of(issue) == {monitored.world.first.pk}
    assert summary_of(issue).firing == 2


def test_resolved_alerts_are_counted_and_the_issue_stays(monitored: Monitored) -> None:
    monitored.receive(body(*databases(["MBX-1", "MBX-2"])))
    issue = Issue.objects.get()
    monitored.receive(body(alert("MBX-1", over=True), alert("MBX-2")))
    assert not summary_of(issue).all_resolved
    monitored.receive(body(alert("MBX-2", over=True), status="resolved"))
    assert summary_of(issue).all_resolved
    issue.refresh_from_db()
    assert issue.stage == "detected"


def test_what_a_truncated_notification_leaves_out_is_not_resolved(monitored: Monitored) -> None:
    monitored.receive(body(*databases(["MBX-1", "MBX-2"])))
    monitored.receive(body(alert("MBX-1"), truncatedAlerts=1))
    assert summary_of(Issue.objects.get()).firing == 2
    assert Notification.objects.first().truncated == 1  # type: ignore[union-attr]  # there are two


def test_a_dismissed_issue_is_not_reopened_by_repetitions_but_by_a_new_start(
    monitored: Monitored,
) -> None:
    monitored.receive(body())
    dismiss(issue=Issue.objects.get(), why="planned work", by=SYSTEM, now=NOW)
    monitored.receive(body())
    assert Issue.objects.count() == 1
    monitored.receive(body(alert(startsAt="2026-03-02T08:58:00Z")))
    assert Issue.objects.filter(stage="detected").count() == 1


def test_a_straggler_does_not_fire_again_but_a_later_mention_does(monitored: Monitored) -> None:
    monitored.receive(body(alert(over=True)))
    monitored.receive(body(alert()), now=NOW + timedelta(seconds=30))
    assert Alert.objects.get().status == "resolved"
    monitored.receive(body(alert()), now=NOW + timedelta(minutes=20))
    row = Alert.objects.get()
    assert (row.status, row.ends_at) == ("firing", None)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (alert("MBX-9"), "MBX-9"),
        (alert(labels={"alertname": "DiskFull"}), "No rule fits"),
    ],
)
def test_an_alert_without_a_place_is_kept_and_shown(
    monitored: Monitored, sent: dict[str, object], problem: str
) -> None:
    received = monitored.receive(body(sent))
    assert problem in received.problems[0]
    assert Issue.objects.count() == 0
    (shown,) = unplaced_alerts(monitored.world.provider)
    assert problem in shown.problem
    assert Notification.objects.get().outcome == "unplaced"
    (health,) = sources_of(monitored.world.provider, now=NOW)
    assert (health.state, health.unplaced) == ("ok", 1)


def test_it_gets_its_place_when_the_catalog_or_the_rules_are_mended(monitored: Monitored) -> None:
    monitored.receive(
        body(alert("MBX-9"), alert(labels={"alertname": "X", "host": "SRV-1"}, fingerprint="h"))
    )
    assert place_again(source=monitored.source, by=SYSTEM, now=NOW) == 0
    component = make_component(monitored.world.provider, "MBX-9")
    make_rule(monitored.source, name="hosts", matchers=[("host", "!=", "")], component="{host}")
    assert place_again(source=monitored.source, by=SYSTEM, now=NOW) == 2
    assert components_of(Issue.objects.get()) == {component.pk, monitored.world.server.pk}
    assert len(unplaced_alerts(monitored.world.provider)) == 0


def test_one_notification_about_two_services_opens_two_issues(monitored: Monitored) -> None:
    from tests.factories import make_service

    make_service(monitored.world.provider, "search")
    make_rule(
        monitored.source,
        name="search",
        matchers=[("shard", "!=", "")],
        service="search",
        component="",
    )
    other = alert(labels={"alertname": "X", "shard": "7"}, fingerprint="s")
    received = monitored.receive(body(alert(), other))
    assert len(set(received.issues)) == 2
    assert set(Issue.objects.values_list("service__key", flat=True)) == {"mail", "search"}


def test_a_rule_may_publish_by_itself(db: None) -> None:
    monitored = make_monitored(auto_publish=True)
    monitored.receive(body())
    issue = Issue.objects.get()
    assert issue.stage == "published"
    assert issue.audience
    assert issue.audience.tenant_count == 2
    monitored.receive(body())
    assert issue.posts.count() == 1


def test_a_rule_that_cannot_publish_leaves_it_to_a_person(db: None) -> None:
    monitored = make_monitored(auto_publish=True, component="")
    monitored.receive(body())
    assert Issue.objects.get().stage == "detected"
    assert "not published by itself" in Alert.objects.get().problem


def test_html_in_a_label_neither_reaches_a_title_nor_loses_the_alert(monitored: Monitored) -> None:
    make_component(monitored.world.provider, "<b>X</b>")
    monitored.receive(body(alert("<b>X</b>")))
    assert Issue.objects.get().title == {"en": "Mailbox database ‹b›X‹/b› is down"}


def test_a_body_that_cannot_be_used_is_logged_and_stores_nothing(monitored: Monitored) -> None:
    broken = json.loads(body())
    broken["alerts"][0]["startsAt"] = "yesterday"
    with pytest.raises(FeedError) as refused:
        monitored.receive(json.dumps(broken).encode())
    assert refused.value.field == "alerts[0].startsAt"
    assert Alert.objects.count() == 0
    logged = Notification.objects.get()
    assert logged.outcome == "refused"
    assert "alerts[0].startsAt" in logged.error
    monitored.source.refresh_from_db()
    assert "startsAt" in monitored.source.last_error


def test_what_is_wrong_is_logged_in_the_provider_s_language_and_answered_in_english(
    monitored: Monitored,
) -> None:
    monitored.world.provider.language = "zh-hant"
    monitored.world.provider.save()
    monitored.source.refresh_from_db()
    received = monitored.receive(body(alert("MBX-9")))
    assert received.problems == ["There is no component “MBX-9”."]
    assert Alert.objects.get().problem == "沒有元件「MBX-9」。"
    assert Notification.objects.get().error == "沒有元件「MBX-9」。"
    with pytest.raises(FeedError, match="alerts: is missing"):
        monitored.receive(b'{"version": "4", "status": "firing"}')
    monitored.source.refresh_from_db()
    assert monitored.source.last_error == "alerts：未提供。"


def test_trying_a_payload_says_what_would_happen_and_stores_nothing(monitored: Monitored) -> None:
    tried = try_payload(monitored.source, body(alert("MBX-1"), alert("MBX-9")).decode())
    assert [each.place.component for each in tried] == [monitored.world.first, None]
    assert tried[0].place.rule == monitored.rule
    assert "MBX-9" in tried[1].place.problem
    assert not Alert.objects.exists()
    assert not Notification.objects.exists()


NOTIFICATIONS = [
    body(alert("MBX-1")),
    body(alert("MBX-1"), alert("MBX-2")),
    body(alert("MBX-1", over=True), alert("MBX-2")),
    body(alert("MBX-2", over=True), alert("MBX-1", over=True), status="resolved"),
]


def outcome() -> tuple[list[object], list[set[int]]]:
    rows = Alert.objects.order_by("fingerprint").values_list(
        "fingerprint", "status", "ends_at", "issue__service__key"
    )
    return list(rows), [components_of(issue) for issue in Issue.objects.order_by("id")]


def in_order(order: list[int]) -> object:
    from django.db import transaction

    from standfast.apps.catalog.index import forget_index

    forget_index()
    with transaction.atomic():
        monitored = make_monitored()
        expected = {monitored.world.first.pk, monitored.world.second.pk}
        for place in order:
            monitored.receive(NOTIFICATIONS[place])
        rows, scopes = outcome()
        transaction.set_rollback(True)
    return rows, [scope == expected for scope in scopes]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(len(NOTIFICATIONS))),
    repeated=st.lists(st.integers(0, len(NOTIFICATIONS) - 1), max_size=4),
)
def test_any_order_and_repetition_leads_to_the_same(
    db: None, order: list[int], repeated: list[int]
) -> None:
    assert in_order([*order, *repeated]) == in_order(list(range(len(NOTIFICATIONS))))
