"""Finding components, the ways down to them, and who is placed below each."""

from __future__ import annotations

import pytest

from standfast.apps.catalog.queries.components import (
    components_by_key,
    get_component_for,
    kinds_of,
    parents_of,
    paths_to,
    placements_on,
    retired_components,
    search_components,
)
from standfast.apps.catalog.queries.summary import catalog_summary
from standfast.apps.catalog.queries.tenants import (
    count_tenants,
    get_placement_for,
    get_subscription_for,
    get_tenant_for,
    placed_users,
    placements_of_tenant,
    subscriptions_of_tenant,
    tenants_of,
)
from standfast.apps.catalog.queries.tree import child_nodes, node_of, root_nodes, search_nodes
from standfast.apps.tenancy.errors import NoAccess
from tests.factories import (
    NOW,
    make_component,
    make_placement,
    make_provider,
    make_service,
    make_subscription,
    make_tenant,
)

pytestmark = pytest.mark.django_db


def test_the_tree_unfolds_level_by_level_with_figures() -> None:
    provider, tenant = make_provider(), make_tenant()
    region = make_component(provider, "EAST", kind="region")
    forest = make_component(provider, "F1", kind="forest", below=region)
    one, two = (make_component(provider, key, below=forest) for key in ("S1", "S2"))
    service = make_service(provider)
    make_placement(tenant, one, service, users=5)
    make_placement(tenant, two, service, users=7)
    make_component(make_provider(), "FOREIGN")
    (root,) = root_nodes(provider)
    assert (root.component, root.children, root.tenants, root.users) == (region, 1, 1, 12)
    assert [node.users for node in child_nodes(forest)] == [5, 7]
    assert node_of(one).children == 0
    (found,) = search_nodes(provider, text="s2")
    assert [step.key for step in found.path] == ["EAST", "F1"]


def test_every_way_down_is_shown() -> None:
    provider = make_provider()
    top = make_component(provider, "TOP")
    left, right = (make_component(provider, key, below=top) for key in ("LEFT", "RIGHT"))
    low = make_component(provider, "LOW", below=[left, right])
    ways = [[step.key for step in path] for path in paths_to(low)]
    assert ways == [["TOP", "LEFT"], ["TOP", "RIGHT"]]
    assert paths_to(top) == [[]]
    assert [parent.key for parent in parents_of(low)] == ["LEFT", "RIGHT"]


def test_search_puts_the_nearest_first_and_knows_kinds() -> None:
    provider = make_provider()
    for key in ("XMBX-1", "MBX-10", "MBX-1"):
        make_component(provider, key, kind="database")
    retired = make_component(provider, "MBX-100")
    retired.retired_at = NOW
    retired.save()
    found = search_components(provider, text="mbx-1")
    assert [component.key for component in found] == ["MBX-1", "MBX-10", "XMBX-1"]
    assert list(search_components(provider, kind="server")) == []
    assert [(kind.name, kind.count) for kind in kinds_of(provider)] == [("database", 3)]
    assert list(retired_components(provider)) == [retired]
    assert set(components_by_key(provider, ["MBX-1", "nothing"])) == {"MBX-1"}


def test_what_belongs_to_another_provider_is_not_there() -> None:
    mine, other = make_provider(), make_provider()
    component, service, tenant = make_component(other), make_service(other, "x"), make_tenant("t")
    placement = make_placement(tenant, component, service)
    assert list(placements_on(component)) == [placement]
    with pytest.raises(NoAccess):
        get_component_for(mine, component.pk)
    with pytest.raises(NoAccess):
        get_tenant_for(mine, "t")
    with pytest.raises(NoAccess):
        get_subscription_for(mine, "t", "x")
    with pytest.raises(NoAccess):
        get_placement_for(mine, placement.pk)
    assert get_placement_for(other, placement.pk) == placement
    assert get_subscription_for(other, "t", "x").tenant == tenant


def test_tenants_are_listed_with_what_they_have_of_this_provider() -> None:
    provider, other = make_provider(), make_provider()
    mail, chat, foreign = make_service(provider), make_service(provider), make_service(other)
    component = make_component(provider)
    acme, beta = make_tenant("acme", name="Acme"), make_tenant("beta", name="Beta")
    make_placement(acme, component, mail, users=5)
    make_subscription(acme, chat)
    make_placement(acme, make_component(other), foreign, users=100)
    make_subscription(beta, mail)
    make_subscription(make_tenant(), foreign)
    rows = [(row.tenant, row.services, row.users) for row in tenants_of(provider)]
    assert rows == [(acme, 2, 5), (beta, 1, 0)]
    assert tenants_of(provider).paginator.count == count_tenants(provider) == 2
    assert [row.tenant for row in tenants_of(provider, search="BET")] == [beta]
    assert placed_users(provider, acme) == 5
    assert [each.service for each in subscriptions_of_tenant(provider, acme)] == [mail, chat]
    assert [each.users for each in placements_of_tenant(provider, acme)] == [5]


def test_the_summary_names_the_next_step() -> None:
    provider = make_provider()
    assert catalog_summary(provider).next_step == "service"
    service = make_service(provider)
    assert catalog_summary(provider).next_step == "component"
    component = make_component(provider)
    assert catalog_summary(provider).next_step == "placements"
    make_placement(make_tenant(), component, service, users=3)
    summary = catalog_summary(provider)
    assert (summary.next_step, summary.users, summary.tenants) == ("", 3, 1)
