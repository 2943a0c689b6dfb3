"""The library's events touch the areas that they are said to; its paths and endpoints agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from standfast.engine.continuity.document import load
from standfast.engine.continuity.gates import Area
from standfast.engine.continuity.library import (
    CATEGORIES,
    FACTS,
    EventKind,
    access_path,
    effects_of,
    starting_events,
)
from standfast.engine.continuity.model import (
    EndpointCategory,
    Organisation,
    VpnModel,
    area_of,
    elements_of,
)

OFFICE = load((Path(__file__).parents[4] / "examples/continuity/snowstorm.yaml").read_bytes())


def areas(kind: EventKind, organisation: Organisation, *, certain: bool) -> set[Area]:
    found = set()
    for effect in effects_of(kind, organisation):
        element = organisation.element(effect.target)
        assert element is not None
        if effect.certain == certain:
            found.add(area_of(element))
    return found


@pytest.mark.parametrize(
    ("kind", "surely", "perhaps"),
    [
        (EventKind.LAN_FAILURE, {Area.SYSTEMS}, set()),
        (EventKind.PANDEMIC, {Area.PEOPLE, Area.LOCATION}, set()),
        (EventKind.SEVERE_WEATHER, {Area.PEOPLE, Area.LOCATION}, {Area.SYSTEMS}),
        (EventKind.SECURITY_BREACH, {Area.SYSTEMS}, {Area.SYSTEMS}),
    ],
)
def test_the_starting_events_touch_the_areas_of_the_table(
    kind: EventKind, surely: set[Area], perhaps: set[Area]
) -> None:
    assert areas(kind, OFFICE, certain=True) == surely
    assert areas(kind, OFFICE, certain=False) == perhaps


def test_local_events_come_once_for_each_site_and_hit_only_what_is_there() -> None:
    events = starting_events(OFFICE)
    fire = events["office-fire-south-office"]
    assert [effect.target for effect in fire.effects] == ["south-office"]
    weather = {effect.target for effect in events["severe-weather-south-office"].effects}
    assert weather == {"south-office", "service-engineers", "south-lan"}


def test_an_event_of_the_organisation_wins_over_the_library() -> None:
    assert set(OFFICE.events) & set(starting_events(OFFICE)) == set()
    assert "wan-cut" in starting_events(OFFICE)


def test_every_kind_hits_something_somewhere() -> None:
    kinds = {kind for kind in EventKind if effects_of(kind, OFFICE)}
    assert kinds == set(EventKind)


@pytest.mark.parametrize("model", list(VpnModel))
def test_cloud_traffic_of_a_template_leaves_where_it_should(model: VpnModel) -> None:
    path = access_path(
        model, name="p", at="home", internet="dsl", vpn="vpn", site="hq", site_internet="egress"
    )
    needed = set(elements_of(path.needs))
    assert needed == ({"dsl", "vpn", "egress"} if FACTS[model].needs_vpn else {"dsl"})
    forced = model is VpnModel.FORCED_TUNNEL
    assert path.connectivity.egress == ("hq" if forced else "home")
    assert path.connectivity.via == (("hq",) if forced else ())


def test_what_must_go_directly_is_never_kept_in_a_tunnel() -> None:
    assert set(CATEGORIES) == set(EndpointCategory)
    assert [
        category for category, facts in CATEGORIES.items() if facts.direct and not facts.bypass
    ] == []
    assert not CATEGORIES[EndpointCategory.OPTIMIZE].in_tunnel
