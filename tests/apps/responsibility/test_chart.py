"""Changing the chart for a provider and for one of its services."""

from __future__ import annotations

import pytest

from standfast.apps.responsibility.queries.chart import chart_for, during, services_with_own_rows
from standfast.apps.responsibility.services.chart import (
    RowTexts,
    add_row,
    hide_row,
    reset_row,
    set_row,
)
from standfast.apps.tenancy.errors import NoAccess, Refused
from standfast.apps.tenancy.models import AuditEntry
from tests.factories import NOW, SYSTEM, make_provider, make_service

pytestmark = pytest.mark.django_db

OURS = RowTexts(
    name={"en": "Storage", "zh-hant": "儲存"}, incident_provider={"en": "We rebuild copies."}
)


def test_a_service_wins_over_its_provider_and_the_provider_over_the_default() -> None:
    provider = make_provider()
    mail, files = make_service(provider, "mail"), make_service(provider, "files")
    set_row(
        provider=provider,
        service=None,
        key="storage",
        owner="both",
        texts=OURS,
        by=SYSTEM,
        now=NOW,
    )
    only_mail = RowTexts(name={"en": "Mail storage"})
    set_row(
        provider=provider,
        service=mail,
        key="storage",
        owner="customer",
        texts=only_mail,
        by=SYSTEM,
        now=NOW,
    )
    rows = [chart_for(provider, service).row("storage") for service in (None, files, mail)]
    assert [(row.owner, row.origin) for row in rows if row] == [
        ("both", "provider"),
        ("both", "provider"),
        ("customer", "service"),
    ]
    assert services_with_own_rows(provider) == {mail.pk}
    assert chart_for(make_provider()).row("storage").origin == "default"  # type: ignore[union-attr]


def test_resetting_goes_back_one_step() -> None:
    provider = make_provider()
    mail = make_service(provider)
    for service in (None, mail):
        set_row(
            provider=provider,
            service=service,
            key="storage",
            owner="both",
            texts=OURS,
            by=SYSTEM,
            now=NOW,
        )
    origins = []
    for service in (mail, None):
        reset_row(provider=provider, service=service, key="storage", by=SYSTEM, now=NOW)
        row = chart_for(provider, mail).row("storage")
        assert row
        origins.append((row.origin, row.owner))
    assert origins == [("provider", "both"), ("default", "provider")]


def test_a_hidden_row_leaves_the_chart_of_one_service_only() -> None:
    provider = make_provider()
    mail, files = make_service(provider), make_service(provider)
    hide_row(provider=provider, service=mail, key="virtualization", by=SYSTEM, now=NOW)
    mails, others = chart_for(provider, mail), chart_for(provider, files)
    assert "virtualization" not in {row.key for row in mails.rows}
    assert [row.key for row in mails.hidden] == ["virtualization"]
    assert "virtualization" in {row.key for row in others.rows}
    assert "Virtualization" not in {each.name["en"] for each in during(provider, mail).provider}
    reset_row(provider=provider, service=mail, key="virtualization", by=SYSTEM, now=NOW)
    assert chart_for(provider, mail) == chart_for(provider, files)


def test_rows_of_their_own_stand_last_of_their_owner_and_never_share_a_key() -> None:
    provider = make_provider()
    texts = RowTexts(name={"en": "Backup tapes"}, incident_customer={"en": "Bring the tapes."})
    mail = make_service(provider)
    keys = [
        add_row(
            provider=provider, service=service, owner="customer", texts=texts, by=SYSTEM, now=NOW
        ).key
        for service in (None, mail)
    ]
    assert keys == ["backup-tapes", "backup-tapes-2"]
    customers = chart_for(provider, mail).groups[0]
    assert [row.key for row in customers.rows][-2:] == keys
    assert "Bring the tapes." in {each.text["en"] for each in during(provider, mail).customer}
    reset_row(provider=provider, service=None, key=keys[0], by=SYSTEM, now=NOW)
    assert chart_for(provider, mail).row(keys[0]) is None


@pytest.mark.parametrize(
    ("owner", "texts", "field"),
    [
        ("somebody", OURS, "owner"),
        ("both", RowTexts(name={}), "name_en"),
        ("both", RowTexts(name={"en": "x" * 121}), "name_en"),
        ("both", RowTexts(name={"en": "A\x00B"}), "name_en"),
        (
            "both",
            RowTexts(name={"en": "A"}, regular_customer={"zh-hant": "<script>x</script>"}),
            "regular_customer_zh_hant",
        ),
    ],
)
def test_bad_rows_are_refused_and_nothing_is_stored(
    owner: str, texts: RowTexts, field: str
) -> None:
    provider = make_provider()
    before = chart_for(provider)
    with pytest.raises(Refused) as refused:
        set_row(
            provider=provider,
            service=None,
            key="storage",
            owner=owner,
            texts=texts,
            by=SYSTEM,
            now=NOW,
        )
    assert refused.value.field == field
    assert chart_for(provider) == before
    assert not AuditEntry.objects.exists()


def test_another_provider_s_service_and_unknown_rows_are_not_there() -> None:
    provider, foreign = make_provider(), make_service(make_provider())
    for service, key in ((foreign, "storage"), (None, "no-such-row")):
        with pytest.raises(NoAccess):
            hide_row(provider=provider, service=service, key=key, by=SYSTEM, now=NOW)


def test_every_change_is_audited_with_what_it_replaced() -> None:
    provider = make_provider()
    set_row(
        provider=provider,
        service=None,
        key="storage",
        owner="both",
        texts=OURS,
        by=SYSTEM,
        now=NOW,
    )
    hide_row(provider=provider, service=None, key="storage", by=SYSTEM, now=NOW)
    reset_row(provider=provider, service=None, key="storage", by=SYSTEM, now=NOW)
    entries = AuditEntry.objects.filter(organisation=provider).order_by("id")
    assert [entry.action for entry in entries] == [
        "chart.row_set",
        "chart.row_hidden",
        "chart.row_reset",
    ]
    assert entries[0].details["before"]["owner"] == "provider"
