"""The four connectivity principles, path by path."""

from __future__ import annotations

from dataclasses import replace

import pytest

from standfast.engine.continuity.checks.connectivity import check_connectivity, distance
from standfast.engine.continuity.checks.finding import Severity
from standfast.engine.continuity.library import access_path
from standfast.engine.continuity.model import (
    AccessPath,
    Connectivity,
    EndpointCategory,
    Location,
    LocationKind,
    Organisation,
    System,
    SystemKind,
    VpnModel,
)

TAIPEI = Location("taipei", latitude=25.05, longitude=121.53)
KAOHSIUNG = Location("kaohsiung", latitude=22.61, longitude=120.31)
HOME = Location("home", kind=LocationKind.HOME)
FLOOR = Location("floor", within="taipei")
ALL = tuple(EndpointCategory)


def organisation(path: AccessPath, kind: SystemKind = SystemKind.CLOUD) -> Organisation:
    locations = {place.name: place for place in (TAIPEI, KAOHSIUNG, HOME, FLOOR)}
    return Organisation(
        "Acme",
        locations=locations,
        systems={"mail": System("mail", kind=kind), "files": System("files")},
        paths={path.name: path},
    )


def rules(path: AccessPath, kind: SystemKind = SystemKind.CLOUD) -> dict[str, str]:
    return {found.rule: str(found) for found in check_connectivity(organisation(path, kind))}


GOOD = Connectivity(tells_cloud_apart=True, egress="taipei", bypass=ALL)
LAN = AccessPath("lan", at="floor", connectivity=GOOD)


def test_a_path_that_keeps_the_principles_has_no_finding() -> None:
    assert rules(LAN) == {}


@pytest.mark.parametrize(
    ("changed", "rule", "told"),
    [
        ({"tells_cloud_apart": False}, "cloud-not-told-apart", "like any other traffic"),
        ({"tells_cloud_apart": None}, "connectivity-unknown", "Nobody says"),
        ({"egress": "kaohsiung"}, "egress-not-local", "enter the Internet at “kaohsiung”"),
        ({"via": ("kaohsiung",)}, "hairpin", "goes over “kaohsiung” first"),
        ({"bypass": ()}, "trusted-endpoints-inspected", "category “allow”"),
    ],
)
def test_each_principle_is_asked(changed: dict[str, object], rule: str, told: str) -> None:
    connectivity = replace(GOOD, **changed)  # type: ignore[arg-type]
    assert told in rules(replace(LAN, connectivity=connectivity))[rule]


def test_distances_are_told_where_positions_are_known() -> None:
    connectivity = replace(GOOD, egress="kaohsiung", via=("kaohsiung",))
    found = rules(AccessPath("lan", at="taipei", connectivity=connectivity))
    assert "“kaohsiung”, 298 km away" in found["egress-not-local"]
    assert "298 km of detour" in found["hairpin"]
    assert distance(TAIPEI, HOME) is None


def test_inspecting_what_minds_delay_most_is_worse_than_inspecting_the_rest() -> None:
    path = replace(LAN, connectivity=replace(GOOD, bypass=(EndpointCategory.ALLOW,)))
    (found,) = check_connectivity(organisation(path))
    assert found.severity is Severity.RISK
    path = replace(LAN, connectivity=replace(GOOD, bypass=(EndpointCategory.OPTIMIZE,)))
    (found,) = check_connectivity(organisation(path))
    assert found.severity is Severity.HINT


def test_a_path_that_reaches_no_cloud_is_not_asked() -> None:
    path = AccessPath("lan", at="floor")
    assert rules(path, SystemKind.APPLICATION) == {}
    assert rules(replace(path, reaches=("files",))) == {}
    assert "connectivity-unknown" in rules(path)


@pytest.mark.parametrize(("model", "count"), [(VpnModel.FORCED_TUNNEL, 5), (VpnModel.NO_TUNNEL, 0)])
def test_the_vpn_models_differ_as_they_should(model: VpnModel, count: int) -> None:
    path = access_path(model, name="vpn", at="home", internet="mail", vpn="files", site="taipei")
    found = list(check_connectivity(organisation(path)))
    assert len(found) == count, [str(each) for each in found]
