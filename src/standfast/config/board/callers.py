"""Who may ask the board: tenants with live tokens, and the services that each uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from standfast.apps.catalog.queries.used import (
    changed_subscribers,
    newest_change,
    services_used,
)
from standfast.apps.incidents.queries.stream import News
from standfast.apps.tenancy.languages import LANGUAGES
from standfast.apps.tenancy.queries.live_tokens import LiveToken, live_tokens
from standfast.edge.board.tokens import TokenTable
from standfast.edge.board.world import Tenant

SCOPE = "health.read"


class Callers:
    """Follows tokens, organisations and their services. `tenants` is made anew when it changes."""

    def __init__(self, table: TokenTable) -> None:
        self._table = table
        self._used: dict[int, tuple[int, ...]] = {}
        self._change = 0
        self._of_organisation: dict[int, set[int]] = {}
        self.tenants: dict[int, Tenant] = {}

    def read_all(self) -> None:
        """Everything, at the beginning."""
        self._change = newest_change()
        self._used = services_used()
        self._put(live_tokens(SCOPE))

    def follow(self, news: Collection[News]) -> bool:
        """Take in what happened; whether any tenant is another now."""
        tokens = {each.payload["token_id"] for each in news if each.kind.startswith("token.")}
        organisations = {
            each.payload["organisation_id"] for each in news if each.kind == "organisation.updated"
        }
        for organisation in organisations:
            tokens |= self._of_organisation.get(organisation, set())
        before = self.tenants
        if tokens or organisations:
            for token in tokens:
                self._table.drop(token)
            affected = Q(pk__in=tokens) | Q(organisation__in=organisations)
            self._put(list(live_tokens(SCOPE, only=affected)))
        return self._follow_catalog() or self.tenants is not before

    def read_services(self) -> None:
        """Which services each tenant uses, after a service was retired or moved."""
        self._used = services_used()
        self._arrange()

    def _follow_catalog(self) -> bool:
        newest = newest_change()
        if newest == self._change:
            return False
        numbers = changed_subscribers(self._change)
        self._change = newest
        if numbers is not None and not numbers:
            return False
        if numbers is None:
            self._used = services_used()
        else:
            news = services_used(numbers)
            self._used |= {number: news.get(number, ()) for number in numbers}
        self._arrange()
        return True

    def _arrange(self) -> None:
        self.tenants = {
            number: Tenant(
                *(number, each.slug, each.name, each.language, each.since),
                services=self._used.get(number, ()),
            )
            for number, each in self.tenants.items()
        }

    def _put(self, tokens: Iterable[LiveToken]) -> None:
        tenants = dict(self.tenants)
        for each in tokens:
            tenants[each.number] = Tenant(
                number=each.number,
                slug=each.slug,
                name=each.name,
                language=each.language if each.language in LANGUAGES else "en",
                since=each.since,
                services=self._used.get(each.number, ()),
            )
            self._of_organisation.setdefault(each.organisation_id, set()).add(each.token_id)
            self._table.put(
                token=each.token_id,
                prefix=each.prefix,
                digest=each.secret_hash,
                tenant=each.number,
                ends=each.expires_at.timestamp() if each.expires_at else None,
            )
        self.tenants = tenants
