"""What has been stored so far, by the keys of the plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from standfast.apps.catalog.models import Feature, Service
from standfast.apps.tenancy.actor import Actor
from standfast.apps.tenancy.models import Organisation, User
from standfast.engine.targeting import Scope


@dataclass(frozen=True, slots=True)
class Stored:
    """The demo's rows. `components` gives ids; `now` is the moment of seeding."""

    now: datetime
    provider: Organisation
    tenants: Mapping[str, Organisation]
    people: Mapping[str, User]
    services: Mapping[str, Service]
    features: Mapping[tuple[str, str], Feature]
    components: Mapping[str, int]

    def scope(self, keys: Iterable[str], *, unclear: bool = False) -> Scope:
        """A scope of components by their keys."""
        return Scope(components=frozenset(self.components[key] for key in keys), unclear=unclear)

    def person(self, role: str) -> Actor:
        """Somebody of the provider with this role, as who writes."""
        return Actor.person(self.people[f"{role}@{self.provider.slug}.example"])
