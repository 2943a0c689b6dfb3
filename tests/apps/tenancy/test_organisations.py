"""Founding organisations, and the dense number of tenants."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from standfast.apps.tenancy.errors import Refused
from standfast.apps.tenancy.models import AuditEntry, Organisation
from standfast.apps.tenancy.queries.organisations import (
    organisations,
    search_tenants,
    tenants_by_number,
)
from standfast.apps.tenancy.services.organisations import create_organisation, update_organisation
from tests.apps.tenancy.people import BY, NOW, found

pytestmark = pytest.mark.django_db


def test_tenants_get_dense_numbers_and_others_none() -> None:
    made = [found("a"), found("b", "provider"), found("c"), found("d", "partner", "tenant")]
    assert [it.number for it in made] == [0, None, 1, 2]


def test_a_provider_that_becomes_a_tenant_gets_a_number_and_keeps_it() -> None:
    found("first")
    provider = found("cloud", "provider")
    both = update_organisation(organisation=provider, faces=["provider", "tenant"], by=BY, now=NOW)
    assert both.number == 1
    again = update_organisation(organisation=both, faces=["provider"], by=BY, now=NOW)
    assert (again.is_tenant, again.number) == (False, 1)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("slug", "Not a slug!"),
        ("slug", ""),
        ("name", "   "),
        ("name", "two\nlines"),
        ("name", "nul\x00"),
        ("name", "x" * 201),
        ("faces", []),
        ("faces", ["tenant", "king"]),
        ("country", "Taiwan"),
        ("language", "tlh"),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(field: str, wrong: object) -> None:
    good: dict[str, object] = {"slug": "acme", "name": "Acme", "faces": ["tenant"]}
    with pytest.raises(Refused) as refused:
        create_organisation(**{**good, field: wrong}, by=BY, now=NOW)  # type: ignore[arg-type]  # on purpose
    assert refused.value.field == field
    assert refused.value.message
    assert not Organisation.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_slug_is_taken_once_in_any_case() -> None:
    found("acme")
    with pytest.raises(Refused, match="taken"):
        found("ACME")


def test_a_change_is_audited_with_what_was_before() -> None:
    acme = found("acme")
    update_organisation(organisation=acme, name="Acme Bank", by=BY, now=NOW)
    entry = AuditEntry.objects.filter(action="organisation.updated").get()
    assert entry.details == {"before": {"name": "Acme"}, "after": {"name": "Acme Bank"}}
    update_organisation(organisation=acme, name="Acme Bank", by=BY, now=NOW)
    assert AuditEntry.objects.filter(action="organisation.updated").count() == 1


def test_organisations_are_listed_by_role_and_found_by_name_or_number() -> None:
    found("cloud", "provider")
    bank, backup = found("bank", name="Zebra Bank"), found("backup", name="Bank Backup")
    assert [it.slug for it in organisations(role="provider")] == ["cloud"]
    with pytest.raises(ValueError, match="king"):
        organisations(role="king")
    assert [it.slug for it in search_tenants("bank")] == ["backup", "bank"]
    assert search_tenants("nobody") == []
    assert tenants_by_number([0, 1, 99]) == {0: bank, 1: backup}


@pytest.mark.django_db(transaction=True)
def test_tenants_founded_at_the_same_moment_get_different_numbers() -> None:
    errors: list[Exception] = []
    gate = threading.Barrier(4)

    def found_some(which: int) -> None:
        try:
            gate.wait()
            for each in range(5):
                found(f"tenant-{which}-{each}")
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=found_some, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    numbers = Organisation.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(20))
