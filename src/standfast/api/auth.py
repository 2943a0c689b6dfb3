"""Bearer tokens: who calls, with which scope, and how often."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.allowance import TOKEN_LIMIT, TOKENS
from standfast.apps.tenancy.errors import MissingScope, NoAccess
from standfast.apps.tenancy.services.tokens import admit

if TYPE_CHECKING:
    from standfast.apps.tenancy.models import ApiToken


class ApiRequest(HttpRequest):
    """A request that came in through `TokenAuth` (a type only: never instantiated)."""

    auth: ApiToken
    now: datetime


class TokenAuth(HttpBearer):
    """Admits a live token that has `scope`; the operation finds `request.auth` and `request.now`.

    Answers 401 when there is no live token, 403 when it lacks the scope.
    """

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        now = timezone.now()
        try:
            admitted = admit(bearer=token, scope=self.scope, now=now)
        except MissingScope:
            raise
        except NoAccess as refused:
            raise AuthenticationError(
                message=_("Send a valid token: Authorization: Bearer sft_…")
            ) from refused
        request.now = now  # type: ignore[attr-defined]  # see ApiRequest
        return admitted


class ScopeMissingInCode(HttpBearer):
    """The default of the API: an operation that names no scope is closed to everybody."""

    def authenticate(self, request: HttpRequest, token: str) -> None:
        return None


class TokenThrottle(SimpleRateThrottle):
    """So many requests a token; each server process counts for itself, its front included."""

    scope = "token"

    def allow_request(self, request: HttpRequest) -> bool:
        token: ApiToken | None = getattr(request, "auth", None)
        if token is None or self.num_requests is None or self.duration is None:
            return True
        self._waits = TOKENS.take(
            token.pk, most=self.num_requests, seconds=self.duration, now=time.time()
        )
        return self._waits is None

    def wait(self) -> float | None:
        return self._waits


def token_throttle() -> TokenThrottle:
    """What every API allows a token."""
    return TokenThrottle(f"{TOKEN_LIMIT}/m")


def actor_of(request: ApiRequest) -> Actor:
    """The calling program as the writer of what follows."""
    return Actor.program(request.auth)
