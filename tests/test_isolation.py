"""Nothing leaks, not even existence: every address, asked by everybody who has no business there.

The addresses come from the URL configuration, so a new page or operation is covered as soon as it
has a route. A new URL argument must get a value in `estates.py`, a new top-level address a place
in OPEN or GUARDED; the tests fail until it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfast.apps.tenancy.roles import TOKEN_SCOPES
from tests.estates import Estate, make_estate
from tests.factories import make_member, make_token, make_user
from tests.url_walk import Address, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Below these, nobody finds anything that is not theirs.
GUARDED = (
    "/console/",
    "/portal/",
    "/partner/",
    "/settings/",
    "/api/v1/",
    "/api/ingest/",
    "/api/statuspage/",
)
# Anybody may ask these; they still tell nothing private.
OPEN = (
    "/accounts/",
    "/api/v1/docs",
    "/api/v1/openapi.json",
    "/events/",
    "/feeds/",
    "/go/",
    "/issues/",
    "/language",
    "/maintenance/",
    "/manifest.webmanifest",
    "/offline",
    "/push/",
    "/service-worker.js",
    "/signed-out",
    "/status/",
    "/subscription/",
    "/unsubscribe/",
)
FACE_OF = {"/console/": "provider", "/portal/": "tenant", "/partner/": "partner"}
METHODS = ("GET", "POST")
API_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What nobody can know of the victim: the holder of one of these is meant to get in.
SECRETS: dict[str, object] = {
    "token": "guessed",
    "key": "guessed",
    "uidb36": "1",
    "unsubscribe_key": "guessed",
    "feed_secret": "guessed",
    "place": "health",
    "provider_id": "oidc",
    "pk": 1,
}
NOWHERE = 987_654_321


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody without business at the victim's; `home` is what they may see themselves."""

    name: str
    client: Client
    signed_in: bool
    home: Estate | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """The victim, those who ask, and the victim's rows as they were."""

    victim: Estate
    askers: list[Asker]
    rows: dict[type[Model], list[dict[str, Any]]]

    def __repr__(self) -> str:
        return "the world"


def browser(user: Any = None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def bearer(estate: Estate, face: str) -> dict[str, str]:
    organisation = estate.provider if face == "provider" else estate.tenant
    scopes = [scope for scope, needed in TOKEN_SCOPES.items() if needed == face]
    return {"authorization": f"Bearer {make_token(organisation, *scopes)}"}


@pytest.fixture
def world() -> World:
    cache.clear()  # the count of requests by which programs are slowed down
    victim = make_estate("kestrel")
    rows = rows_now()
    rival = make_estate("shrike")
    askers = [
        Asker("a visitor", browser(), False),
        Asker("an outsider", browser(make_user()), True),
        Asker("another tenant's admin", browser(make_member(rival.tenant, "admin")), True, rival),
        Asker(
            "another provider's owner", browser(make_member(rival.provider, "owner")), True, rival
        ),
        Asker(
            "a partner without delegation",
            browser(make_member(rival.partner, "partner_admin")),
            True,
            rival,
        ),
        Asker("a tenant's program", browser(), False, rival, bearer(rival, "tenant")),
        Asker("a provider's program", browser(), False, rival, bearer(rival, "provider")),
    ]
    return World(victim, askers, rows)


def our_models() -> Iterator[type[Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("standfast."):
            yield model


def rows_now(only: dict[type[Model], list[Any]] | None = None) -> dict[Any, list[dict[str, Any]]]:
    """Every row of every kind of ours, or those with the given keys."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for model in our_models():
        rows = model._default_manager.order_by("pk")
        if only is not None:
            rows = rows.filter(pk__in=only[model])
        found[model] = list(rows.values())
    return found


def arguments(estate: Estate, address: Address, face: str) -> dict[str, object]:
    return {
        **SECRETS,
        **estate.arguments_at(address.template),
        "slug": estate.slug(face),
        "face": face,
    }


def absent(estate: Estate, address: Address, face: str) -> dict[str, object]:
    """The same address for an organisation and objects that do not exist."""
    there = arguments(estate, address, face)
    kinds = {name: isinstance(there[name], int) for name in address.arguments}
    values = {name: NOWHERE if number else "nowhere" for name, number in kinds.items()}
    return {**values, "face": face}


def faces_for(address: Address) -> list[str]:
    if "face" in address.arguments:
        return ["provider", "tenant", "partner"]
    return [
        face for start, face in FACE_OF.items() if f"/{address.template}".startswith(start)
    ] or ["provider"]


def is_guarded(path: str) -> bool:
    return path.startswith(GUARDED) and not path.startswith(("/api/v1/docs", "/api/v1/openapi"))


def ask(asker: Asker, method: str, path: str, query: dict[str, Any] | None = None) -> Any:
    asker.client.cookies.pop("messages", None)
    if method == "GET":
        return asker.client.get(path, query or {}, headers=asker.headers)
    json = path.startswith("/api/")
    body: Any = query or {}
    kind = {"content_type": "application/json"} if json else {}
    return getattr(asker.client, method.lower())(path, body, headers=asker.headers, **kind)


def text_of(response: Any) -> str:
    # The length follows the address that the page repeats; the time of a page that nobody may
    # keep is the second in which it was asked for.
    told = {"Content-Length", "Expires"}
    headers = {name: value for name, value in response.items() if name not in told}
    body = b"".join(response) if response.streaming else response.content
    return str(body.decode(errors="replace")) + str(headers)


def without_echo(text: str, path: str) -> str:
    """An error page repeats the address in the language switch, and has a CSRF token."""
    text = re.sub(
        r'(csrfmiddlewaretoken" value=|X-CSRFToken&quot;: |X-CSRFToken": )"[^"]*"', "", text
    )
    return text.replace(path, "PATH")


def every_question(world: World, guarded: bool) -> Iterator[tuple[Asker, str, str, Address, str]]:
    for address in addresses():
        for face in faces_for(address):
            path = address.filled(arguments(world.victim, address, face))
            if is_guarded(path) is not guarded:
                continue
            for method in API_METHODS if path.startswith("/api/") else METHODS:
                for asker in world.askers:
                    yield asker, method, path, address, face


def test_every_kind_of_object_is_in_the_world(world: World) -> None:
    # Rows that only exist while something is going on, or that no page shows.
    missing = {model.__name__ for model, rows in world.rows.items() if not rows}
    assert missing == set()


def test_every_address_is_open_or_guarded_and_can_be_filled(world: World) -> None:
    for address in addresses():
        for face in faces_for(address):
            path = address.filled(arguments(world.victim, address, face))
            assert path == "/" or path.startswith((*GUARDED, *OPEN)), path


def test_the_victims_own_people_do_see_it(world: World) -> None:
    """Otherwise the other tests would prove nothing."""
    from standfast.apps.tenancy.models import User

    seen = {}
    for face in ("provider", "tenant", "partner"):
        organisation = getattr(world.victim, face)
        own = browser(User.objects.filter(memberships__organisation=organisation).first())
        pages = [
            own.get(address.filled(arguments(world.victim, address, face)))
            for address in addresses()
            if face in faces_for(address) and address.template.startswith(START_OF[face])
        ]
        seen[face] = sum(world.victim.canary in text_of(page) for page in pages)
    assert min(seen.values()) >= 1, seen


def test_guarded_addresses_answer_as_if_there_were_nothing(world: World) -> None:
    leaks = []
    for asker, method, path, address, face in every_question(world, guarded=True):
        response = ask(asker, method, path)
        nowhere = address.filled(absent(world.victim, address, face))
        other = ask(asker, method, nowhere)
        text = without_echo(text_of(response), path)
        alike = (response.status_code, text) == (
            other.status_code,
            without_echo(text_of(other), nowhere),
        )
        if not address.arguments:  # an operation about whoever asks
            alike = True
        elif not refused(asker, path, response):
            alike = False
        if world.victim.canary in text or not alike:
            leaks.append((asker.name, method, path, response.status_code, other.status_code))
    assert leaks == []
    assert rows_now(keys_of(world)) == world.rows


def test_the_victims_objects_are_not_found_at_home_either(world: World) -> None:
    leaks = []
    for address in addresses():
        for asker in (asker for asker in world.askers if asker.home):
            for face in faces_for(address):
                own = arguments(world.victim, address, face) | {"slug": asker.home.slug(face)}  # type: ignore[union-attr]  # filtered above
                path = address.filled(own)
                if not is_guarded(path):
                    continue
                for method in API_METHODS if path.startswith("/api/") else METHODS:
                    response = ask(asker, method, path)
                    text = text_of(response)
                    foreign = bool({*address.arguments} - {"slug", "face"})
                    if world.victim.canary in text or (
                        foreign and not refused(asker, path, response)
                    ):
                        leaks.append((asker.name, method, path, response.status_code))
    assert leaks == []
    assert rows_now(keys_of(world)) == world.rows


def test_open_addresses_tell_nothing_private(world: World) -> None:
    leaks = []
    for asker, method, path, _address, _face in every_question(world, guarded=False):
        response = ask(asker, method, path)
        if world.victim.canary in text_of(response) or response.status_code >= 500:
            leaks.append((asker.name, method, path, response.status_code))
    assert leaks == []
    assert rows_now(keys_of(world)) == world.rows


@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_questions_about_the_victim_do_not_help(world: World, data: st.DataObject) -> None:
    """The victim's identifiers in queries and forms, on the asker's own pages."""
    address = data.draw(st.sampled_from(addresses()))
    asker = data.draw(st.sampled_from(world.askers))
    face = data.draw(st.sampled_from(faces_for(address)))
    names = sorted({*QUERY_NAMES, *world.victim.arguments})
    values = [*world.victim.arguments.values(), world.victim.tenant.slug, world.victim.tenant.pk]
    query = data.draw(
        st.dictionaries(st.sampled_from(names), st.sampled_from(values), min_size=1, max_size=4)
    )
    home = asker.home or world.victim
    path = address.filled(arguments(home, address, face))
    methods = API_METHODS if path.startswith("/api/") else METHODS
    response = ask(asker, data.draw(st.sampled_from(methods)), path, query)
    assert world.victim.canary not in text_of(response)
    assert response.status_code < 500
    assert rows_now(keys_of(world)) == world.rows


QUERY_NAMES = (
    "at",
    "component",
    "components",
    "issue",
    "next",
    "partner",
    "q",
    "region",
    "service",
    "services",
    "tenant",
    "tenants",
    "why",
)
START_OF = {"provider": "console/", "tenant": "portal/", "partner": "partner/"}


def keys_of(world: World) -> dict[type[Model], list[Any]]:
    return {
        model: [row[model._meta.pk.attname] for row in rows] for model, rows in world.rows.items()
    }


def refused(asker: Asker, path: str, response: Any) -> bool:
    """Whether the answer is one that somebody without business there may get."""
    if path.startswith("/api/"):
        return response.status_code in {401, 403, 404, 405, 422}
    if not asker.signed_in and response.status_code == 302:
        return str(response["Location"]).startswith("/accounts/login/")
    return response.status_code in {404, 405}
