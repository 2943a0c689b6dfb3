"""A small town of tenants for generated tests: stored, and as the plain reference knows it."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from standfast.apps.catalog.models import Component, Service
from standfast.apps.tenancy.models import Organisation
from standfast.engine.targeting import Scope
from tests.apps.incidents.reference import Catalog
from tests.factories import (
    make_component,
    make_placement,
    make_provider,
    make_service,
    make_subscription,
    make_tenant,
)

# A storage array serves both regions: below it, a component has two ways up.
PARENTS: dict[str, tuple[str, ...]] = {
    "EU": (),
    "US": (),
    "EU-1": ("EU",),
    "EU-2": ("EU",),
    "US-1": ("US",),
    "SAN": ("EU-2", "US-1"),
    "LUN": ("SAN",),
    "SPARE": (),
}
SERVICES = ("mail", "chat", "files")
# Tenant, component, service, users. The last service and the last part have nobody.
PLACED = (
    ("ana", "EU-1", "mail", 10),
    ("ana", "LUN", "mail", 3),
    ("ana", "EU-1", "chat", 7),
    ("ben", "US-1", "mail", 20),
    ("cho", "EU-2", "mail", 5),
    ("cho", "US", "chat", 6),
    ("dan", "LUN", "chat", 40),
)
# Tenant and service, without a known place. `fay` uses nothing; `gus` is another provider's.
UNPLACED = (("eve", "mail"), ("dan", "mail"), ("eve", "chat"))
TENANTS = ("ana", "ben", "cho", "dan", "eve", "fay", "gus")


@dataclass(frozen=True, slots=True)
class Town:
    """Rows by name, and the same as numbers."""

    provider: Organisation
    services: dict[str, Service]
    components: dict[str, Component]
    tenants: dict[str, Organisation]
    catalog: Catalog

    def number(self, tenant: str) -> int:
        """The dense number of a tenant."""
        number = self.tenants[tenant].number
        assert number is not None
        return number

    def scope(self, wish: Wish) -> Scope:
        """A wish by names as a scope by numbers."""
        return Scope(
            components=frozenset(self.components[name].pk for name in wish.components),
            services=frozenset(self.services[name].pk for name in wish.services),
            include=frozenset(self.number(name) for name in wish.include),
            exclude=frozenset(self.number(name) for name in wish.exclude),
            unclear=wish.unclear,
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """A scope by names, so that a failing example can be read."""

    components: frozenset[str]
    services: frozenset[str]
    include: frozenset[str]
    exclude: frozenset[str]
    unclear: bool


def wishes() -> st.SearchStrategy[Wish]:
    """Scopes of every shape; most have some component, few are unclear."""
    named = st.frozensets(st.sampled_from(("ana", "ben", "cho", "dan", "eve")), max_size=1)
    return st.builds(
        Wish,
        components=st.frozensets(st.sampled_from(sorted(PARENTS)), max_size=2),
        services=st.one_of(
            st.just(frozenset[str]()), st.frozensets(st.sampled_from(SERVICES), max_size=2)
        ),
        include=named,
        exclude=named,
        unclear=st.sampled_from([False, False, False, True]),
    )


def make_town() -> Town:
    """Store the town."""
    provider, stranger = make_provider(), make_provider()
    services = {name: make_service(provider, name) for name in SERVICES}
    components: dict[str, Component] = {}
    for name, parents in PARENTS.items():
        components[name] = make_component(
            provider, name, below=[components[parent] for parent in parents]
        )
    tenants = {name: make_tenant(name) for name in TENANTS}
    placed: dict[tuple[int, int, int], int] = {}
    for tenant, component, service, users in PLACED:
        row = make_placement(tenants[tenant], components[component], services[service], users)
        placed[_number(row.tenant), row.component_id, row.service_id] = users
    for tenant, service in UNPLACED:
        make_subscription(tenants[tenant], services[service])
    elsewhere = make_service(stranger, "mail")
    make_placement(tenants["gus"], make_component(stranger, "EU"), elsewhere, 99)
    subscribed = {(tenants[tenant].number, services[used].pk) for tenant, used in UNPLACED}
    subscribed |= {(tenant, used) for tenant, _component, used in placed}
    children = {component.pk: list[int]() for component in components.values()}
    for name, parents in PARENTS.items():
        for parent in parents:
            children[components[parent].pk].append(components[name].pk)
    catalog = Catalog(
        children, placed, frozenset((_sure(tenant), used) for tenant, used in subscribed)
    )
    return Town(provider, services, components, tenants, catalog)


def _number(tenant: Organisation) -> int:
    return _sure(tenant.number)


def _sure(number: int | None) -> int:
    assert number is not None
    return number
