"""The index of a process follows the database, the file and other processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from standfast.apps.catalog.index import (
    current,
    current_index,
    forget_index,
    index_path,
    look_again,
    provider_scope,
    refresh,
    refresh_index,
)
from standfast.apps.catalog.models import CatalogChange, Placement, Service
from standfast.apps.catalog.services.changes import append_changes, everything_changed
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import PlacementIndex, Scope, resolve
from tests.factories import (
    NOW,
    make_component,
    make_placement,
    make_provider,
    make_service,
    make_tenant,
)

EVERYTHING = Scope(unclear=True)


def a_world() -> tuple[Organisation, Service]:
    provider = make_provider()
    service = make_service(provider)
    make_placement(make_tenant(), make_component(provider), service, users=5)
    return provider, service


def users_now() -> int:
    return resolve(current_index(), EVERYTHING).total_users


@pytest.mark.django_db(transaction=True)
def test_the_first_question_builds_the_file_that_later_ones_map() -> None:
    a_world()
    assert users_now() == 5
    assert index_path().exists()
    assert PlacementIndex.open(index_path()).revision == current_index().revision


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_again_while_the_answer_is_young(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    a_world()
    first = current_index()
    with django_assert_num_queries(0):
        assert current_index() is first


@pytest.mark.django_db(transaction=True)
def test_a_change_of_this_process_is_seen_at_once() -> None:
    provider, service = a_world()
    assert users_now() == 5
    make_placement(make_tenant(), make_component(provider), service, users=7)
    assert users_now() == 12


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_never_reaches_other_threads() -> None:
    provider, service = a_world()
    assert users_now() == 5
    with transaction.atomic():
        make_placement(make_tenant(), make_component(provider), service, users=7)
        assert users_now() == 12
        transaction.set_rollback(True)
    look_again()
    assert users_now() == 5


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_a_change_within_a_second() -> None:
    provider, service = a_world()
    current_index()
    program = (
        "import django, sys, time; django.setup()\n"
        "from django.conf import settings\n"
        "from standfast.apps.catalog.index import current_index\n"
        "from standfast.engine.targeting import Scope, resolve\n"
        "seen = None\n"
        "end = time.monotonic() + 120\n"
        "while time.monotonic() < end:\n"
        "    users = resolve(current_index(), Scope(unclear=True)).total_users\n"
        "    if users != seen:\n"
        "        print(users, flush=True)\n"
        "    seen = users\n"
        "    time.sleep(0.02)\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "5"
        # A machine that stands still for a moment may make one change late, but not each.
        for users in range(12, 75, 7):
            make_placement(make_tenant(), make_component(provider), service, users=7)
            began = time.monotonic()
            assert other.stdout.readline().strip() == str(users)
            if (took := time.monotonic() - began) < 1.0:
                break
        assert took < 1.0
    finally:
        other.kill()
        other.communicate()


def environment() -> dict[str, str]:
    """The environment of a process on this test's own database and data folder."""
    import os

    from django.db import connection

    from tests.conftest import DATABASE

    name = connection.settings_dict["NAME"]
    address = f"sqlite:///{name}"
    if DATABASE == "postgresql":
        host = str(connection.settings_dict["HOST"]).replace("/", "%2F")
        address = f"postgres://postgres@{host}/{name}"
    return {**os.environ, "DATABASE_URL": address}


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_index() -> None:
    a_world()
    current_index()
    found: list[PlacementIndex] = []

    def ask() -> None:
        from django.db import connection

        found.append(current_index())
        connection.close()

    threads = [threading.Thread(target=ask) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(each) for each in found}) == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_writes_the_file_anew_when_it_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    provider, service = a_world()
    assert refresh_index()
    assert not refresh_index()
    monkeypatch.setattr(refresh, "MANY_CHANGES", 3)
    for _each in range(2):
        make_placement(make_tenant(), make_component(provider), service, users=1)
    assert refresh_index()
    assert PlacementIndex.open(index_path()).pending == 0
    with transaction.atomic():
        everything_changed(now=NOW)
    assert refresh_index()


@pytest.mark.django_db(transaction=True)
def test_a_new_file_is_noticed_and_drops_the_changes_beside_the_arrays() -> None:
    provider, service = a_world()
    current_index()
    make_placement(make_tenant(), make_component(provider), service, users=7)
    assert current_index().pending
    refresh_index(force=True)
    look_again()
    assert not current_index().pending
    assert users_now() == 12


@pytest.mark.django_db(transaction=True)
def test_rows_written_in_bulk_count_after_everything_changed() -> None:
    a_world()
    assert users_now() == 5
    Placement.objects.update(users=50)
    look_again()
    assert users_now() == 5
    with transaction.atomic():
        everything_changed(now=NOW)
    assert users_now() == 50


@pytest.mark.django_db(transaction=True)
def test_a_large_rebuild_is_left_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    a_world()
    assert users_now() == 5
    monkeypatch.setattr(current, "SMALL", -1)
    Placement.objects.update(users=50)
    with transaction.atomic():
        everything_changed(now=timezone.now())
    assert users_now() == 5
    refresh_index()
    look_again()
    assert users_now() == 50


@pytest.mark.django_db(transaction=True)
def test_an_older_database_under_a_newer_index_is_indexed_anew() -> None:
    a_world()
    assert users_now() == 5
    Placement.objects.all().delete()
    CatalogChange.objects.all().delete()
    look_again()
    assert users_now() == 0


@pytest.mark.django_db(transaction=True)
def test_a_damaged_file_is_replaced() -> None:
    a_world()
    index_path().write_bytes(b"not an index")
    assert users_now() == 5
    assert refresh_index() in {True, False}
    forget_index()
    assert users_now() == 5


@pytest.mark.django_db(transaction=True)
def test_changes_need_the_transaction_that_made_them() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        append_changes(changes=[], now=NOW)


@pytest.mark.django_db
def test_a_scope_never_reaches_tenants_of_other_providers() -> None:
    provider, service = a_world()
    other, _other_service = a_world()
    index = current_index()
    scope = provider_scope(provider, EVERYTHING)
    assert scope.services == {service.pk}
    assert len(resolve(index, scope).tenants) == 1
    Service.objects.filter(provider=other).update(retired_at=NOW)
    assert not resolve(index, provider_scope(other, EVERYTHING)).tenants
    assert provider_scope(other, Scope(include=frozenset({1}))).services == frozenset()


@pytest.mark.django_db
def test_a_tenant_whose_row_has_moved_keeps_its_own_placements() -> None:
    provider = make_provider()
    service = make_service(provider)
    tenants = [make_tenant() for _tenant in range(4)]
    components = [make_component(provider) for _tenant in tenants]
    for tenant, component in zip(tenants, components, strict=True):
        make_placement(tenant, component, service)
    # PostgreSQL writes an updated row at the end of the table, so it is read last.
    Organisation.objects.filter(pk__in=[tenants[0].pk, tenants[2].pk]).update(name="Renamed")
    forget_index()
    for tenant, component in zip(tenants, components, strict=True):
        scope = Scope(components=frozenset({component.pk}))
        assert set(resolve(current_index(), scope).tenants) == {tenant.number}
