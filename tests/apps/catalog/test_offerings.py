"""Services and features: what is accepted, what is refused, what is written down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from standfast.apps.catalog.models import Service
from standfast.apps.catalog.queries.public import public_providers, public_services
from standfast.apps.catalog.queries.services import (
    features_of,
    service_counts,
    services_of,
    subscribed_services,
)
from standfast.apps.catalog.services.offerings import (
    FeatureFields,
    ServiceFields,
    create_feature,
    create_service,
    fields_of_service,
    restore_service,
    retire_service,
    update_feature,
    update_service,
)
from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import AuditEntry
from tests.factories import (
    NOW,
    SYSTEM,
    make_feature,
    make_member,
    make_provider,
    make_service,
    make_subscription,
    make_tenant,
    make_user,
)

pytestmark = pytest.mark.django_db
FIELDS = ServiceFields(name={"en": "Exchange", "zh-hant": "郵件"}, issue_prefix="EX")


def test_a_service_is_stored_with_its_texts_and_audited() -> None:
    provider = make_provider()
    owner = make_member(provider, "engineer")
    made = create_service(
        provider=provider,
        key="exchange",
        fields=replace(FIELDS, owner=owner, cadence_minutes=30),
        by=SYSTEM,
        now=NOW,
    )
    stored = Service.objects.get(pk=made.pk)
    assert (stored.key, stored.name["zh-hant"], stored.owner) == ("exchange", "郵件", owner)
    assert AuditEntry.objects.get(action="service.created").object_key == "exchange"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": {}}, "name_en"),
        ({"name": {"en": "a\x00b"}}, "name_en"),
        ({"name": {"zh-hant": "長" * 121}}, "name_zh_hant"),
        ({"name": {"fr": "Bonjour"}}, "name"),
        ({"issue_prefix": "TOOLONG"}, "issue_prefix"),
        ({"issue_prefix": "E1"}, "issue_prefix"),
        ({"cadence_minutes": 4}, "cadence_minutes"),
        ({"icon": "<svg>"}, "icon"),
        ({"position": -1}, "position"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, object], field: str) -> None:
    provider = make_provider()
    with pytest.raises(Refused) as refused:
        create_service(
            provider=provider,
            key="exchange",
            fields=replace(FIELDS, **changes),  # type: ignore[arg-type]
            by=SYSTEM,
            now=NOW,
        )
    assert refused.value.field == field
    assert not Service.objects.exists()


@pytest.mark.parametrize("key", ["", "Exchange", "ex change", "-ex", "ex--change", "é", "a" * 61])
def test_a_key_that_cannot_be_part_of_an_address_is_refused(key: str) -> None:
    with pytest.raises(Refused, match=r"^key: "):
        create_service(provider=make_provider(), key=key, fields=FIELDS, by=SYSTEM, now=NOW)


def test_a_key_is_unique_within_the_provider_only() -> None:
    provider = make_provider()
    make_service(provider, "exchange")
    with pytest.raises(Refused, match="taken"):
        create_service(provider=provider, key="exchange", fields=FIELDS, by=SYSTEM, now=NOW)
    create_service(provider=make_provider(), key="exchange", fields=FIELDS, by=SYSTEM, now=NOW)


def test_only_a_member_can_own_a_service() -> None:
    service = make_service(make_provider())
    with pytest.raises(Refused, match=r"^owner: "):
        update_service(
            service=service,
            fields=replace(fields_of_service(service), owner=make_user()),
            by=SYSTEM,
            now=NOW,
        )


def test_an_update_writes_what_changed_and_nothing_else() -> None:
    service = make_service(make_provider())
    same = fields_of_service(service)
    update_service(service=service, fields=same, by=SYSTEM, now=NOW)
    assert not AuditEntry.objects.exists()
    update_service(service=service, fields=replace(same, cadence_minutes=15), by=SYSTEM, now=NOW)
    assert AuditEntry.objects.get().details == {"changed": ["cadence_minutes"]}


def test_a_retired_service_leaves_the_lists_and_can_come_back() -> None:
    provider = make_provider()
    service = make_service(provider)
    make_subscription(make_tenant(), service)
    assert public_providers() == [provider]
    assert service_counts([service]) == {service.pk: 1}
    retire_service(service=service, by=SYSTEM, now=NOW)
    assert services_of(provider) == []
    assert services_of(provider, retired=True) == [service]
    assert public_services(provider) == []
    assert public_providers() == []
    with pytest.raises(Refused):
        retire_service(service=service, by=SYSTEM, now=NOW)
    restore_service(service=service, by=SYSTEM, now=NOW)
    assert services_of(provider) == [service]


def test_a_service_that_is_not_public_makes_no_public_provider() -> None:
    make_service(make_provider(), is_public=False)
    assert public_providers() == []


def test_features_have_keys_of_their_own() -> None:
    service = make_service(make_provider())
    made = create_feature(
        service=service,
        key="sign-in",
        fields=FeatureFields(name={"en": "Sign-in"}, position=2),
        by=SYSTEM,
        now=NOW,
    )
    make_feature(service, "search")
    with pytest.raises(Refused, match=r"^key: "):
        create_feature(
            service=service,
            key="sign-in",
            fields=FeatureFields(name={"en": "Again"}),
            by=SYSTEM,
            now=NOW,
        )
    update_feature(
        feature=made, fields=FeatureFields(name={"en": "Signing in"}), by=SYSTEM, now=NOW
    )
    assert {feature.name["en"] for feature in features_of(service)} == {"Signing in", "Search"}


def test_a_tenant_sees_the_services_that_it_uses() -> None:
    tenant = make_tenant()
    mine, other = make_service(make_provider()), make_service(make_provider())
    make_subscription(tenant, mine)
    make_subscription(make_tenant(), other)
    assert subscribed_services(tenant) == [mine]
