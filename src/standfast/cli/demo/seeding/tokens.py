"""API tokens of the demo: made anew at every seeding, written beside the logins."""

from __future__ import annotations

from standfast.apps.tenancy.services.tokens import create_token
from standfast.cli.demo.seeding.stored import Stored

_WANTED = (
    ("", "Runbook robot", ("issues.read", "issues.write", "catalog.read", "placements.write")),
    ("harrowmere-foods", "Internal dashboard", ("health.read", "ServiceHealth.Read.All")),
)


def store_tokens(stored: Stored) -> list[dict[str, str]]:
    """One token of the provider and one of a tenant, with what each is good for."""
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
        words = {"organisation": organisation.slug, "name": name, "scopes": " ".join(scopes)}
        made.append({**words, "token": plain})
    return made
