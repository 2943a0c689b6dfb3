"""The provider's editor of the chart."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from standfast.apps.responsibility.queries.chart import chart_for
from standfast.apps.tenancy.models import AuditEntry, Organisation
from tests.factories import make_member, make_provider, make_service
from tests.web.portal.readers import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Organisation:
    return make_provider("northlight")


@pytest.fixture
def owner(provider: Organisation) -> Client:
    return signed_in(make_member(provider, "owner"))


def address(provider: Organisation, name: str = "responsibility", *args: object) -> str:
    return reverse(f"console:{name}", args=[provider.slug, *args])


def row_form(**changes: str) -> dict[str, str]:
    texts = ("name", "regular_provider", "regular_customer", "incident_provider")
    empty = {f"{text}_{language}": "" for text in texts for language in ("en", "zh_hant")}
    return empty | {"owner": "both", "name_en": "Storage", "name_zh_hant": "儲存"} | changes


def test_an_owner_changes_a_row_in_both_languages(provider: Organisation, owner: Client) -> None:
    page = address(provider, "responsibility_row", "storage")
    form = owner.get(page)
    assert "Rebuilds lost copies" in form.content.decode()
    saved = owner.post(
        page, row_form(incident_provider_en="We rebuild.", incident_provider_zh_hant="我們重建。")
    )
    assert saved.status_code == 302
    row = chart_for(provider).row("storage")
    assert row
    assert (row.owner, row.name) == ("both", {"en": "Storage", "zh-hant": "儲存"})
    assert row.incident_provider == {"en": "We rebuild.", "zh-hant": "我們重建。"}
    shown = words(owner.get(address(provider) + "?when=incident").content)
    assert "We rebuild." in shown
    assert "changed here" in shown


def test_a_service_differs_alone_and_is_reset(provider: Organisation, owner: Client) -> None:
    mail, files = make_service(provider, "mail"), make_service(provider, "files")
    owner.post(
        address(provider, "responsibility_row", "storage") + "?service=mail",
        row_form(regular_customer_en="Bring tapes."),
    )
    assert "Bring tapes." in words(owner.get(address(provider) + "?service=mail").content)
    assert "Bring tapes." not in words(owner.get(address(provider)).content)
    assert chart_for(provider, files) == chart_for(provider)
    back = owner.post(address(provider, "responsibility_reset", "storage") + "?service=mail")
    assert back["Location"] == address(provider) + "?service=mail"
    assert chart_for(provider, mail) == chart_for(provider)


def test_a_row_is_added_hidden_and_brought_back(provider: Organisation, owner: Client) -> None:
    owner.post(address(provider, "responsibility_add"), row_form(name_en="Paper forms"))
    assert chart_for(provider).row("paper-forms")
    owner.post(address(provider, "responsibility_hide", "virtualization"))
    assert "Not on the chart Virtualization" in words(owner.get(address(provider)).content)
    owner.post(address(provider, "responsibility_reset", "virtualization"))
    assert "Not on the chart" not in words(owner.get(address(provider)).content)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_en": "", "name_zh_hant": ""}, "id_name_en_error"),
        ({"regular_customer_zh_hant": "<b>x</b>"}, "id_regular_customer_zh_hant_error"),
        ({"incident_provider_en": "a\x07b"}, "id_incident_provider_en_error"),
    ],
)
def test_what_is_refused_is_said_at_the_field_and_kept(
    provider: Organisation, owner: Client, changes: dict[str, str], field: str
) -> None:
    page = address(provider, "responsibility_row", "storage")
    response = owner.post(page, row_form(regular_provider_en="Typed with care", **changes))
    html = response.content.decode()
    assert f'id="{field}"' in html
    assert "Typed with care" in html
    assert not AuditEntry.objects.filter(action="chart.row_set").exists()


@pytest.mark.parametrize("role", ["viewer", "communicator", "engineer"])
def test_others_read_but_do_not_write(provider: Organisation, role: str) -> None:
    reader = signed_in(make_member(provider, role))
    page = reader.get(address(provider))
    assert page.status_code == 200
    assert b'<form method="post" action="/console' not in page.content
    before = chart_for(provider)
    for name in ("responsibility_row", "responsibility_hide", "responsibility_reset"):
        assert reader.post(address(provider, name, "storage"), row_form()).status_code == 404
    assert reader.post(address(provider, "responsibility_add"), row_form()).status_code == 404
    assert chart_for(provider) == before


def test_rows_and_services_that_are_not_there(provider: Organisation, owner: Client) -> None:
    make_service(make_provider("other"), "theirs")
    assert owner.get(address(provider, "responsibility_row", "no-such-row")).status_code == 404
    assert owner.get(address(provider) + "?service=theirs").status_code == 404
    hide = address(provider, "responsibility_hide", "storage")
    assert owner.post(hide + "?service=theirs").status_code == 404
    assert owner.get(hide).status_code == 405
