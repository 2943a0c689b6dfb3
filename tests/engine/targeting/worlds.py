"""Random worlds, changes and scopes, and what it means that an index agrees with a world."""

from __future__ import annotations

from hypothesis import strategies as st

from standfast.engine.targeting import (
    Change,
    ComponentChange,
    EdgeChange,
    PlacementChange,
    PlacementIndex,
    Scope,
    SubscriptionChange,
    explain,
    largest,
    resolve,
    split_by,
    split_by_service,
)
from tests.engine.targeting.reference import World

COMPONENTS = [3, 10, 11, 25, 26, 40, 57, 99, 100, 2**31 - 1]
TENANTS = range(7)
SERVICES = [1, 5, 6, 70]

components = st.sampled_from(COMPONENTS)
tenants = st.sampled_from(TENANTS)
services = st.sampled_from(SERVICES)
edges = st.tuples(components, components)
placements = st.tuples(components, tenants, services, st.integers(1, 9))
subscriptions = st.tuples(services, tenants)


@st.composite
def worlds(draw: st.DrawFn, *, tree: bool = False) -> World:
    """A tree, or a graph in which a component may have several parents."""
    world = World()
    order = draw(st.permutations(COMPONENTS))
    most = 1 if tree else 3
    for at, child in enumerate(order[:8]):
        world.add_component(child)
        parents = st.sets(st.sampled_from(order[:at]), max_size=most) if at else st.just(set())
        for parent in draw(parents):
            world.add_edge(parent, child)
    for placement in draw(st.lists(placements, max_size=14)):
        world.place(*placement)
    for service, tenant in draw(st.sets(subscriptions, max_size=6)):
        world.apply(SubscriptionChange(0, service, tenant, True))
    return world


@st.composite
def scopes(draw: st.DrawFn, world: World) -> Scope:
    """A scope over components that the world has."""
    known = world.components()
    few = st.frozensets(tenants, max_size=2)
    return Scope(
        components=draw(st.frozensets(st.sampled_from(known), max_size=3))
        if known
        else Scope().components,
        services=draw(st.frozensets(services, max_size=2)),
        include=draw(few),
        exclude=draw(few),
        unclear=draw(st.booleans()),
    )


@st.composite
def changes(draw: st.DrawFn, world: World, number: int) -> Change:
    """One change of any kind; it may be one that changes nothing, or that makes a cycle."""
    kinds = ["cut", "cut", "link", "link", "placement", "subscription", "component"]
    match draw(st.sampled_from(kinds)):
        case "cut":
            known = world.edges()
            pair = draw(st.sampled_from(known) if known else edges)
            return EdgeChange(number, *pair, linked=False)
        case "link":
            return EdgeChange(number, *draw(edges), linked=True)
        case "placement":
            component, tenant, service, users = draw(placements)
            if draw(st.booleans()) and (placed := world.placements()):
                component, tenant, service = draw(st.sampled_from(placed))
            now = draw(st.sampled_from([0, users]))
            return PlacementChange(number, component, tenant, service, now)
        case "subscription":
            return SubscriptionChange(number, *draw(subscriptions), subscribed=draw(st.booleans()))
        case _:
            return ComponentChange(number, draw(components), present=draw(st.booleans()))


def makes_cycle(world: World, change: Change) -> bool:
    """Whether the change would put a component below itself."""
    if not isinstance(change, EdgeChange) or not change.linked:
        return False
    return change.parent == change.child or world.contains(change.child, change.parent)


def assert_agree(index: PlacementIndex, world: World, scope: Scope) -> None:
    """Ask both everything about a scope."""
    audience = resolve(index, scope)
    expected = world.audience(scope)
    assert set(audience.tenants) == set(expected)
    numbers, users = audience.users_by_tenant()
    assert dict(zip(numbers.tolist(), users.tolist(), strict=True)) == expected
    assert audience.total_users == sum(expected.values())
    by_size = sorted(expected.items(), key=lambda each: (-each[1], each[0]))
    assert largest(audience, 2) == by_size[:2]
    known = world.components()
    for share in split_by(index, scope, known):
        below = world.below(scope, share.key)
        assert set(share.tenants) == set(below)
        assert share.users == sum(below.values())
    shares = split_by_service(index, scope)
    assert {share.key: (set(share.tenants), share.users) for share in shares} == world.by_service(
        scope
    )
    for tenant in [*TENANTS, 1_000]:
        _assert_explained(index, world, scope, tenant)


def assert_agree_everywhere(index: PlacementIndex, world: World) -> None:
    """Ask both about each component and each service by itself, and about everything."""
    each_component = [Scope(components=frozenset([each])) for each in world.components()]
    each_service = [Scope(services=frozenset([each])) for each in SERVICES]
    for scope in [*each_component, *each_service, Scope(unclear=True)]:
        audience, expected = resolve(index, scope), world.audience(scope)
        assert set(audience.tenants) == set(expected)
        assert audience.total_users == sum(expected.values())
        tenants, users = audience.users_by_tenant()
        assert dict(zip(tenants.tolist(), users.tolist(), strict=True)) == expected


def _assert_explained(index: PlacementIndex, world: World, scope: Scope, tenant: int) -> None:
    told = explain(index, scope, tenant)
    expected = world.audience(scope)
    assert told.included == (tenant in expected)
    assert told.users == expected.get(tenant, 0)
    assert told.users_total == world.users_of(scope, tenant)
    assert told.reasons
    if told.included:
        reasons = [each for each in told.reasons if each.kind == "placement"]
        carried = [(each.component, each.service, each.users) for each in reasons]
        assert carried == world.carriers(scope, tenant)
        unknown = {each.service for each in told.reasons if each.kind == "subscription"}
        assert unknown == world.unplaced(scope, tenant)
        assert any(each.kind == "included" for each in told.reasons) == (tenant in scope.include)
