"""The tree of components: several parents allowed, circles never."""

from __future__ import annotations

import pytest

from standfast.apps.catalog.index import current_index
from standfast.apps.catalog.models import CatalogChange, Component, ComponentEdge
from standfast.apps.catalog.services.components import (
    add_parent,
    create_component,
    remove_parent,
    restore_component,
    retire_component,
    set_parents,
    update_component,
)
from standfast.apps.tenancy.errors import Refused
from tests.factories import (
    NOW,
    SYSTEM,
    make_component,
    make_placement,
    make_provider,
    make_service,
    make_tenant,
)

pytestmark = pytest.mark.django_db


def edges() -> set[tuple[str, str]]:
    return set(ComponentEdge.objects.values_list("parent__key", "child__key"))


def test_a_component_is_hung_below_its_parents_and_told_to_the_index() -> None:
    provider = make_provider()
    east, west = make_component(provider, "EAST"), make_component(provider, "WEST")
    made = create_component(
        provider=provider,
        key="MBX-1",
        kind="Server",
        parents=[east, west],
        by=SYSTEM,
        now=NOW,
    )
    assert (made.name, made.kind, made.is_root) == ("MBX-1", "server", False)
    assert edges() == {("EAST", "MBX-1"), ("WEST", "MBX-1")}
    kinds = CatalogChange.objects.filter(payload__component=made.pk).values_list("kind", flat=True)
    assert list(kinds) == ["component", "edge", "edge"]


@pytest.mark.parametrize("key", ["", "A B", "a/b", "../x", "x" * 101, "a\x00b", "é", "<b>"])
def test_a_hostile_key_is_refused(key: str) -> None:
    with pytest.raises(Refused, match=r"^key: "):
        create_component(provider=make_provider(), key=key, kind="server", by=SYSTEM, now=NOW)


def test_a_circle_is_refused_and_named() -> None:
    provider = make_provider()
    top = make_component(provider, "TOP")
    middle = make_component(provider, "MIDDLE", below=top)
    low = make_component(provider, "LOW", below=middle)
    with pytest.raises(Refused, match="TOP › MIDDLE › LOW › TOP") as refused:
        set_parents(component=top, parents=[low], by=SYSTEM, now=NOW)
    assert refused.value.field == "parents"
    with pytest.raises(Refused, match="TOP › TOP"):
        add_parent(component=top, parent=top, by=SYSTEM, now=NOW)
    assert edges() == {("TOP", "MIDDLE"), ("MIDDLE", "LOW")}


def test_a_second_way_down_is_no_circle() -> None:
    provider = make_provider()
    top = make_component(provider, "TOP")
    left, right = (make_component(provider, key, below=top) for key in ("LEFT", "RIGHT"))
    low = make_component(provider, "LOW", below=left)
    add_parent(component=low, parent=right, by=SYSTEM, now=NOW)
    add_parent(component=low, parent=top, by=SYSTEM, now=NOW)
    assert ("RIGHT", "LOW") in edges()
    assert ("TOP", "LOW") in edges()


def test_moving_keeps_what_is_root_and_tells_the_index() -> None:
    provider = make_provider()
    one, two = make_component(provider, "ONE"), make_component(provider, "TWO")
    low = make_component(provider, "LOW", below=one)
    set_parents(component=low, parents=[two], by=SYSTEM, now=NOW)
    assert edges() == {("TWO", "LOW")}
    index = current_index()
    assert [int(each) for each in index.graph.edges()[0]] == [two.pk]
    remove_parent(component=low, parent=two, by=SYSTEM, now=NOW)
    assert Component.objects.get(pk=low.pk).is_root
    with pytest.raises(Refused, match=r"^parents: "):
        remove_parent(component=low, parent=two, by=SYSTEM, now=NOW)


def test_parents_of_another_provider_are_refused() -> None:
    low, foreign = make_component(make_provider()), make_component(make_provider())
    with pytest.raises(Refused, match=r"^parents: "):
        set_parents(component=low, parents=[foreign], by=SYSTEM, now=NOW)


def test_only_an_empty_component_can_be_retired() -> None:
    provider = make_provider()
    top = make_component(provider, "TOP")
    low = make_component(provider, "LOW", below=top)
    placement = make_placement(make_tenant(), low, make_service(provider), users=3)
    with pytest.raises(Refused, match="1 components stand below TOP"):
        retire_component(component=top, by=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="1 tenants have users on LOW"):
        retire_component(component=low, by=SYSTEM, now=NOW)
    placement.delete()
    retire_component(component=low, by=SYSTEM, now=NOW)
    retire_component(component=top, by=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="TOP above it is retired"):
        restore_component(component=low, by=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="TOP is retired"):
        create_component(
            provider=provider, key="NEW", kind="server", parents=[top], by=SYSTEM, now=NOW
        )


def test_renaming_keeps_the_key_and_cleans_the_text() -> None:
    component = make_component(make_provider(), "MBX-1")
    update_component(
        component=component, name="  Mailboxes <b>1</b> ", kind="database", by=SYSTEM, now=NOW
    )
    assert Component.objects.get().name == "Mailboxes <b>1</b>"
    with pytest.raises(Refused, match=r"^name: "):
        update_component(component=component, name="a\nb", kind="server", by=SYSTEM, now=NOW)
