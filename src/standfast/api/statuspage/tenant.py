"""`/api/statuspage/<slug>/api/v2/*.json`: what one tenant sees, for its own programs.

The token (scope `health.read`) comes as a header or, for clients that can send none, as a part of
the address: `/api/statuspage/token/<token>/api/v2/…`. Whoever has such an address can read, so it
deserves a token of its own, which can be revoked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase
from ninja import NinjaAPI

from standfast.api.auth import ApiRequest, ScopeMissingInCode, TokenAuth, token_throttle
from standfast.api.errors import install_error_handlers
from standfast.api.statuspage import NAMES
from standfast.api.validated import validated
from standfast.apps.messagecenter.queries.statuspage import tenant_facts
from standfast.apps.tenancy.errors import NoAccess
from standfast.engine.wire.statuspage.documents import CONTENT_TYPE, documents

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import ApiToken

SCOPE = "health.read"
CACHE = "private, no-cache"
View = Callable[..., HttpResponseBase]


class TokenInAddress(TokenAuth):
    """Admits the token that the address holds."""

    def __call__(self, request: HttpRequest) -> ApiToken | None:
        match = request.resolver_match
        return self.authenticate(request, match.kwargs["key"]) if match else None


api = NinjaAPI(
    title="Standfast as a Statuspage",
    urls_namespace="statuspage",
    docs_url=None,
    openapi_url=None,
    auth=ScopeMissingInCode(),
    throttle=[token_throttle()],
)
install_error_handlers(api)


def _with_header(name: str) -> View:
    def document(request: HttpRequest, slug: str) -> HttpResponseBase:
        if _caller(request).auth.organisation.slug != slug:
            raise NoAccess
        return _answer(request, name)

    return document


def _with_address(name: str) -> View:
    def document(request: HttpRequest, key: str) -> HttpResponseBase:
        return _answer(request, name)

    return document


def _answer(request: HttpRequest, name: str) -> HttpResponseBase:
    caller = _caller(request)
    facts = tenant_facts(caller.auth.organisation, now=caller.now)
    return validated(
        request, documents(facts)[name], content_type=CONTENT_TYPE, cache_control=CACHE
    )


def _caller(request: HttpRequest) -> ApiRequest:
    assert hasattr(request, "auth"), "every operation here names its scope"
    return request  # type: ignore[return-value]  # TokenAuth made it one


def _register(address: str, view: View, auth: TokenAuth, name: str) -> None:
    named: dict[str, Any] = {"url_name": name, "operation_id": name}
    api.get(address, auth=auth, **named)(view)


for each in NAMES:
    word = each.removesuffix(".json").replace("/", "-")
    _register(f"/{{slug}}/api/v2/{each}", _with_header(each), TokenAuth(SCOPE), word)
    _register(
        f"/token/{{key}}/api/v2/{each}", _with_address(each), TokenInAddress(SCOPE), f"token-{word}"
    )
