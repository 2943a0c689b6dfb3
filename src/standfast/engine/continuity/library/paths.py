"""Access path templates: the five ways in which a VPN and cloud traffic get on."""

from __future__ import annotations

from dataclasses import dataclass

from standfast.engine.continuity.model.elements import (
    AccessPath,
    Connectivity,
    EndpointCategory,
    VpnModel,
)
from standfast.engine.continuity.model.requirements import AllOf, Needs

_OPTIMIZE = (EndpointCategory.OPTIMIZE,)
_TRUSTED = (EndpointCategory.OPTIMIZE, EndpointCategory.ALLOW)
_EVERYTHING = (EndpointCategory.OPTIMIZE, EndpointCategory.ALLOW, EndpointCategory.DEFAULT)


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What holds for a VPN model.

    `needs_vpn`: whether the corporate network is reached through the tunnel. `cloud_in_tunnel`:
    whether all cloud traffic goes through it, and so fails with it.
    """

    title: str
    meaning: str
    needs_vpn: bool
    cloud_in_tunnel: bool
    tells_cloud_apart: bool
    bypass: tuple[EndpointCategory, ...]


FACTS: dict[VpnModel, PathFacts] = {
    VpnModel.FORCED_TUNNEL: PathFacts(
        "VPN forced tunnel",
        "All traffic goes through the tunnel, that to the cloud included.",
        needs_vpn=True,
        cloud_in_tunnel=True,
        tells_cloud_apart=False,
        bypass=(),
    ),
    VpnModel.FORCED_WITH_EXCEPTIONS: PathFacts(
        "VPN forced tunnel with few exceptions",
        "All goes through the tunnel except for a few trusted endpoints of the cloud.",
        needs_vpn=True,
        cloud_in_tunnel=False,
        tells_cloud_apart=True,
        bypass=_OPTIMIZE,
    ),
    VpnModel.FORCED_WITH_BROAD_EXCEPTIONS: PathFacts(
        "VPN forced tunnel with broad exceptions",
        "Whole cloud services go directly, everything else through the tunnel.",
        needs_vpn=True,
        cloud_in_tunnel=False,
        tells_cloud_apart=True,
        bypass=_TRUSTED,
    ),
    VpnModel.SELECTIVE_TUNNEL: PathFacts(
        "VPN selective tunnel",
        "Only what is inside of the corporate network goes through the tunnel.",
        needs_vpn=True,
        cloud_in_tunnel=False,
        tells_cloud_apart=True,
        bypass=_EVERYTHING,
    ),
    VpnModel.NO_TUNNEL: PathFacts(
        "No VPN",
        "Everything is published to the Internet behind sign-in; there is no tunnel.",
        needs_vpn=False,
        cloud_in_tunnel=False,
        tells_cloud_apart=True,
        bypass=_EVERYTHING,
    ),
}


def connectivity(model: VpnModel, *, egress: str = "", via: tuple[str, ...] = ()) -> Connectivity:
    """What the connectivity principles need to know of a path of this model."""
    facts = FACTS[model]
    return Connectivity(model, facts.tells_cloud_apart, egress, via, facts.bypass)


def access_path(
    model: VpnModel,
    *,
    name: str,
    at: str,
    internet: str,
    vpn: str = "",
    site: str = "",
    site_internet: str = "",
    seats: int | None = None,
) -> AccessPath:
    """An access path of this model for people at a location.

    `internet` is the access there (home Internet); `vpn` the gateway at `site`, which reaches the
    Internet through `site_internet`. In a forced tunnel all of these are needed and cloud traffic
    leaves at the site; with exceptions it leaves where people are.
    """
    facts = FACTS[model]
    needed = [internet]
    if facts.needs_vpn:
        needed += [vpn, site_internet]
    inside = facts.cloud_in_tunnel
    return AccessPath(
        name,
        at=at,
        needs=AllOf(tuple(Needs(each) for each in needed if each)),
        title=facts.title,
        seats=seats if facts.needs_vpn else None,
        connectivity=connectivity(
            model, egress=site if inside else at, via=(site,) if inside and site else ()
        ),
        description=facts.meaning,
    )
