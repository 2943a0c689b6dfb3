"""API tokens of the demo: made anew at every seeding, written beside the logins."""

from __future__ import annotations

from dataclasses import dataclass

from standfast.apps.tenancy.services.tokens import create_token
from standfast.cli.demo.seeding.stored import Stored


@dataclass(frozen=True, slots=True)
class DemoToken:
    """A token and what it is good for."""

    organisation: str
    name: str
    scopes: tuple[str, ...]
    token: str


_WANTED = (
    ("", "Runbook robot", ("issues.read", "issues.write", "catalog.read", "placements.write")),
    ("harrowmere-foods", "Internal dashboard", ("health.read", "ServiceHealth.Read.All")),
)


def store_tokens(stored: Stored) -> list[DemoToken]:
    """One token of the provider and one of a tenant."""
    made = []
    for slug, name, scopes in _WANTED:
        organisation = stored.tenants[slug] if slug else stored.provider
        _row, plain = create_token(
            organisation=organisation,
            name=name,
            scopes=scopes,
            by=stored.person("owner"),
            now=stored.now,
        )
        made.append(DemoToken(organisation.slug, name, scopes, plain))
    return made
