"""Bearer tokens and the one shape of errors, on a small API made of the same parts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.http import Http404
from django.test import Client
from django.urls import path
from ninja import NinjaAPI, Schema
from pytest_django import Settings

from standfast.api.auth import ApiRequest, ScopeMissingInCode, TokenAuth, TokenThrottle, actor_of
from standfast.api.errors import install_error_handlers
from standfast.apps.tenancy.errors import Conflict, NoAccess, Refused
from standfast.apps.tenancy.models import ApiToken
from standfast.apps.tenancy.services.organisations import create_organisation
from standfast.apps.tenancy.services.tokens import create_token
from tests.apps.tenancy.people import BY, NOW

pytestmark = pytest.mark.django_db
api = NinjaAPI(
    urls_namespace="test-auth", auth=ScopeMissingInCode(), throttle=[TokenThrottle("5/m")]
)
install_error_handlers(api)


class Thing(Schema):
    """What the test API takes."""

    count: int


@api.get("whoami", auth=TokenAuth("health.read"))
def whoami(request: ApiRequest) -> dict[str, str]:
    return {"slug": request.auth.organisation.slug, "actor": actor_of(request).label}


@api.get("forgotten")
def forgotten(request: ApiRequest) -> dict[str, str]:
    return {"secret": "nobody should read this"}


@api.post("things/{kind}", auth=TokenAuth("health.read"))
def things(request: ApiRequest, kind: str, thing: Thing) -> dict[str, int]:
    raised: dict[str, Exception] = {
        "refused": Refused("count", "too many"),
        "conflict": Conflict("count", "somebody was faster"),
        "foreign": NoAccess(),
        "absent": Http404(),
    }
    if kind in raised:
        raise raised[kind]
    return {"count": thing.count}


urlpatterns = [path("api/", api.urls)]


@pytest.fixture(autouse=True)
def _small_api(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    cache.clear()


@pytest.fixture
def bearer() -> str:
    bank = create_organisation(slug="bank", name="Bank", faces=["tenant"], by=BY, now=NOW)
    return create_token(
        organisation=bank, name="t", scopes=["health.read"], expires_in=None, by=BY, now=NOW
    )[1]


def get(path: str, bearer: str) -> Any:
    return Client().get(f"/api/{path}", headers={"authorization": f"Bearer {bearer}"})


def post(kind: str, bearer: str, body: object) -> Any:
    return Client().post(
        f"/api/things/{kind}",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {bearer}"},
    )


def test_a_live_token_is_admitted_and_its_use_is_noted(bearer: str) -> None:
    response = get("whoami", bearer)
    prefix = bearer.split("_")[1]
    assert response.json() == {"slug": "bank", "actor": f"token {prefix} (t)"}
    assert ApiToken.objects.get().last_used_at is not None


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nonsense", "Basic abc", "sft_a_b"])
def test_without_a_live_token_the_answer_is_401(header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    response = Client().get("/api/whoami", headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthorized"


def test_a_token_without_the_scope_is_told_which(bearer: str) -> None:
    ApiToken.objects.update(scopes=["ServiceHealth.Read.All"])
    response = get("whoami", bearer)
    assert (response.status_code, response.json()["error"]["code"]) == (403, "missingScope")
    assert "health.read" in response.json()["error"]["message"]


def test_an_operation_that_names_no_scope_is_closed(bearer: str) -> None:
    response = get("forgotten", bearer)
    assert response.status_code == 401
    assert b"nobody" not in response.content


def test_refusals_name_code_and_field(bearer: str) -> None:
    for kind, status, code in [("refused", 422, "refused"), ("conflict", 409, "conflict")]:
        response = post(kind, bearer, {"count": 1})
        assert response.status_code == status
        error = response.json()["error"]
        assert (error["code"], error["field"]) == (code, "count")


def test_absent_and_foreign_are_the_same_answer(bearer: str) -> None:
    absent, foreign = (post(kind, bearer, {"count": 1}) for kind in ("absent", "foreign"))
    assert absent.status_code == foreign.status_code == 404
    assert absent.content == foreign.content


@pytest.mark.parametrize("body", [{}, {"count": "many"}, {"count": None}])
def test_a_wrong_body_names_the_field(bearer: str, body: dict[str, object]) -> None:
    response = post("fine", bearer, body)
    assert response.status_code == 422
    assert response.json()["error"]["field"] == "count"


def test_what_is_no_json_is_a_bad_request(bearer: str) -> None:
    response = post("fine", bearer, "{not json")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "badRequest"


def test_too_many_requests_are_told_to_wait(bearer: str) -> None:
    statuses = [get("whoami", bearer).status_code for _request in range(6)]
    assert statuses == [200] * 5 + [429]
    response = get("whoami", bearer)
    assert response.json()["error"]["code"] == "tooManyRequests"
    assert 1 <= int(response["Retry-After"]) <= 60
