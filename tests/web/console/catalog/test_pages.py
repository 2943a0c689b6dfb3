"""The catalog's pages, as a viewer and as an engineer of the provider."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from standfast.apps.catalog.models import (
    Component,
    Feature,
    Placement,
    PlacementImport,
    Service,
    ServiceSubscription,
)
from standfast.apps.catalog.services.import_queue import run_next_import
from standfast.apps.tenancy.models import Organisation
from tests.factories import (
    NOW,
    make_component,
    make_feature,
    make_member,
    make_placement,
    make_provider,
    make_service,
    make_tenant,
)

pytestmark = pytest.mark.django_db
ROOT = "/console/cloud/catalog/"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def provider() -> Organisation:
    return make_provider("cloud", name="Cloud")


def signed_in(provider: Organisation, role: str) -> Client:
    client = Client()
    client.force_login(
        make_member(provider, role), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def engineer(provider: Organisation) -> Client:
    return signed_in(provider, "engineer")


@pytest.fixture
def world(provider: Organisation) -> dict[str, int]:
    """A service with a feature, a region with a server, and a tenant on the server."""
    service = make_service(provider, "mail", name=HOSTILE)
    make_feature(service, "search", name="Search")
    region = make_component(provider, "EAST", kind="region", name=HOSTILE)
    server = make_component(provider, "S1", below=region)
    make_placement(make_tenant("acme", name=HOSTILE), server, service, users=1214)
    return {"region": region.pk, "server": server.pk}


def text_of(client: Client, path: str) -> str:
    response = client.get(ROOT + path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_every_page_answers_and_shows_hostile_names_as_text(
    provider: Organisation, world: dict[str, int]
) -> None:
    viewer, engineer = signed_in(provider, "viewer"), signed_in(provider, "engineer")
    paths = [
        "",
        "services/mail/",
        "components/",
        "components/?q=s1",
        "components/?kind=region",
        "components/?q=nothing-like-this",
        "components/?retired",
        f"components/{world['region']}/",
        f"components/{world['region']}/children/",
        f"components/{world['server']}/",
        "tenants/",
        "tenants/?q=acme",
        "tenants/acme/",
        "imports/",
    ]
    for path in paths:
        for client in (viewer, engineer):
            page = text_of(client, path)
            assert HOSTILE not in page
            assert 'class="answer"' in page or "children" in path
        assert "data-confirm" not in text_of(viewer, path)
    writing = [
        "services/new/",
        "services/mail/edit/",
        "services/mail/features/new/",
        "services/mail/features/search/",
        "components/new/?below=EAST",
        f"components/{world['server']}/edit/",
        f"components/{world['server']}/move/",
        "tenants/add/",
    ]
    for path in writing:
        assert HOSTILE not in text_of(engineer, path)
        assert viewer.get(ROOT + path).status_code == 404
        assert viewer.post(ROOT + path, {}).status_code == 404


def test_empty_pages_offer_the_next_step(engineer: Client) -> None:
    assert "services/new/" in text_of(engineer, "")
    assert "components/new/" in text_of(engineer, "components/")
    assert "imports/" in text_of(engineer, "tenants/")


def test_the_tree_shows_who_is_below(engineer: Client, world: dict[str, int]) -> None:
    assert "1 tenant, 1,214 users" in text_of(engineer, "components/")
    below = text_of(engineer, f"components/{world['region']}/children/")
    assert "S1" in below
    found = text_of(engineer, "components/?q=s1")
    assert "EAST ›" in found


def test_a_service_is_added_and_changed(engineer: Client, provider: Organisation) -> None:
    form = {
        "key": "mail",
        "name_en": "Mail",
        "name_zh_hant": "郵件",
        "issue_prefix": "ml",
        "icon": "mail",
        "owner": "",
        "cadence_minutes": "60",
        "position": "0",
        "is_public": "on",
    }
    assert engineer.post(f"{ROOT}services/new/", form).status_code == 302
    service = Service.objects.get()
    assert (service.name, service.issue_prefix) == ({"en": "Mail", "zh-hant": "郵件"}, "ML")
    again = engineer.post(f"{ROOT}services/new/", form)
    assert "“mail” is taken" in again.content.decode()
    changed = {**form, "name_en": "Post", "cadence_minutes": "30"}
    assert engineer.post(f"{ROOT}services/mail/edit/", changed).status_code == 302
    service.refresh_from_db()
    assert (service.name["en"], service.cadence_minutes) == ("Post", 30)
    engineer.post(f"{ROOT}services/mail/retire/")
    service.refresh_from_db()
    assert service.retired_at
    feature = {"key": "search", "name_en": "Search", "position": "1"}
    assert engineer.post(f"{ROOT}services/mail/features/new/", feature).status_code == 302
    assert Feature.objects.get().key == "search"


def test_a_component_is_added_moved_and_retired(engineer: Client, provider: Organisation) -> None:
    top = make_component(provider, "TOP")
    form = {"key": "LOW", "name": "", "kind": "server", "parents": "TOP"}
    assert engineer.post(f"{ROOT}components/new/", form).status_code == 302
    low = Component.objects.get(key="LOW")
    circle = engineer.post(f"{ROOT}components/{top.pk}/move/", {"parents": "LOW"})
    assert "TOP › LOW › TOP" in circle.content.decode()
    unknown = engineer.post(f"{ROOT}components/{low.pk}/move/", {"parents": "TOP, NOWHERE"})
    assert "NOWHERE" in unknown.content.decode()
    engineer.post(f"{ROOT}components/{low.pk}/move/", {"parents": ""})
    low.refresh_from_db()
    assert low.is_root
    engineer.post(f"{ROOT}components/{low.pk}/retire/")
    low.refresh_from_db()
    assert low.retired_at


def test_a_tenant_is_added_placed_and_released(engineer: Client, provider: Organisation) -> None:
    make_service(provider, "mail")
    make_component(provider, "S1")
    make_tenant("acme")
    form = {"tenant": "acme", "service": "mail", "seats": "5"}
    assert engineer.post(f"{ROOT}tenants/add/", form).status_code == 302
    unknown = engineer.post(f"{ROOT}tenants/add/", {**form, "tenant": "nobody"})
    assert "There is no tenant" in unknown.content.decode()
    place = {"component": "S1", "service": "mail", "users": "7"}
    assert engineer.post(f"{ROOT}tenants/acme/place/", place).status_code == 302
    assert Placement.objects.get().users == 7
    wrong = engineer.post(f"{ROOT}tenants/acme/place/", {**place, "users": "-7"})
    assert wrong.status_code == 422
    assert "cannot be negative" in wrong.content.decode()
    engineer.post(f"{ROOT}tenants/acme/unsubscribe/mail/")
    assert ServiceSubscription.objects.exists()
    engineer.post(f"{ROOT}tenants/acme/place/", {**place, "users": "0"})
    engineer.post(f"{ROOT}tenants/acme/unsubscribe/mail/")
    assert not ServiceSubscription.objects.exists()


def upload(client: Client, rows: str) -> PlacementImport:
    file = SimpleUploadedFile("places.csv", f"tenant,component,service,users\n{rows}".encode())
    response = client.post(f"{ROOT}imports/", {"file": file, "mode": "full"})
    assert response.status_code == 302
    row = PlacementImport.objects.first()
    assert row is not None
    return row


def test_a_file_is_handed_over_watched_and_its_errors_downloaded(
    engineer: Client, world: dict[str, int]
) -> None:
    row = upload(engineer, f"{HOSTILE},S1,mail,1\n")
    page = text_of(engineer, f"imports/{row.pk}/")
    assert 'hx-trigger="every 1s"' in page
    run_next_import(now=NOW)
    page = text_of(engineer, f"imports/{row.pk}/")
    assert "hx-trigger" not in page
    assert "1 row is wrong" in page
    assert HOSTILE not in page
    report = engineer.get(f"{ROOT}imports/{row.pk}/errors.csv")
    body = b"".join(report.streaming_content).decode()  # type: ignore[attr-defined]
    assert body.splitlines()[1].startswith("2,tenant,")
    row = upload(engineer, "acme,S1,mail,3\n")
    run_next_import(now=NOW)
    assert "1 rows read" in text_of(engineer, f"imports/{row.pk}/")


def test_a_viewer_hands_over_nothing(provider: Organisation) -> None:
    viewer = signed_in(provider, "viewer")
    file = SimpleUploadedFile("places.csv", b"x")
    assert viewer.post(f"{ROOT}imports/", {"file": file, "mode": "full"}).status_code == 404
    assert not PlacementImport.objects.exists()


def test_the_pages_of_another_provider_do_not_exist(world: dict[str, int]) -> None:
    outsider = signed_in(make_provider("other"), "owner")
    for path in ("", "services/mail/", f"components/{world['server']}/", "tenants/acme/"):
        assert outsider.get(ROOT + path).status_code == 404
        other = ROOT.replace("cloud", "other")
        assert outsider.get(other + path).status_code == (200 if path == "" else 404)
