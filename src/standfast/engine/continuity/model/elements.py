"""The elements of an organisation: people, locations, systems, access paths and outside parties.

Names are short and unique over all elements, functions included; `title` is what people read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from standfast.engine.continuity.model.amounts import Amount
from standfast.engine.continuity.model.requirements import NOTHING, Requirement


class LocationKind(StrEnum):
    """What sort of place it is."""

    SITE = "site"  # a place with a position that people travel to
    NETWORK = "network"  # a network location, such as a branch network or a data centre's
    HOME = "home"
    MOBILE = "mobile"


class SystemKind(StrEnum):
    """What sort of system it is."""

    APPLICATION = "application"
    CLOUD = "cloud"
    IDENTITY = "identity"
    WAN = "wan"
    LAN = "lan"
    VPN = "vpn"
    INTERNET = "internet"
    DEVICE = "device"
    VOICE = "voice"
    POWER = "power"
    OTHER = "other"


class PartyKind(StrEnum):
    """What the outside party is to us."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often something fails by itself and for how long; None where nobody knows.

    `frequency` is failures a year, `repair_hours` the mean time to restore, `unavailability` the
    share of time that it is down (0..1; follows from the other two when not given).
    """

    frequency: float | None = None
    repair_hours: float | None = None
    unavailability: float | None = None

    @property
    def share_down(self) -> float | None:
        """The unavailability, given or worked out."""
        if self.unavailability is not None:
            return self.unavailability
        if self.frequency is None or self.repair_hours is None:
            return None
        down = self.frequency * self.repair_hours / 8766
        return down / (1 + down)


UNKNOWN = Reliability()


@dataclass(frozen=True, slots=True)
class Place:
    """So many people of a group normally work at this location."""

    location: str
    heads: Amount


@dataclass(frozen=True, slots=True)
class Group:
    """People of one kind.

    `places`: where they normally work. `elsewhere`: where such a part of them can work when they
    cannot at their place, in order of preference; the parts overlap as far as possible (who can
    work from the rarer place can from the commoner one too), which is the careful reading.
    """

    name: str
    heads: int
    places: tuple[Place, ...] = ()
    elsewhere: tuple[Place, ...] = ()
    title: str = ""
    roles: tuple[str, ...] = ()
    unit: str = ""
    description: str = ""
    reliability: Reliability = UNKNOWN


@dataclass(frozen=True, slots=True)
class Location:
    """Where people or systems are. It fails with the location `within` which it is.

    It can also merely be out of reach (snow, a cordon): then people cannot get in, and what stands
    there runs on.
    """

    name: str
    kind: LocationKind = LocationKind.SITE
    title: str = ""
    latitude: float | None = None
    longitude: float | None = None
    within: str = ""
    needs: Requirement = NOTHING
    description: str = ""
    reliability: Reliability = UNKNOWN


@dataclass(frozen=True, slots=True)
class System:
    """An application, service, network or device.

    It fails with the location `at` which it stands, and when what it `needs` fails. `restart`
    is the time that it takes to come back once an outside cause is gone; `recovery` the time to
    restore it after a failure of its own. `provider` and `service` are the keys under which a
    provider reports its health; `supplier` names the party that delivers it.
    """

    name: str
    kind: SystemKind = SystemKind.APPLICATION
    title: str = ""
    at: str = ""
    needs: Requirement = NOTHING
    provider: str = ""
    service: str = ""
    region: str = ""
    supplier: str = ""
    owner: str = ""
    recovery: timedelta | None = None
    recovery_point: timedelta | None = None
    restart: timedelta = timedelta(0)
    description: str = ""
    reliability: Reliability = UNKNOWN


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody outside: a supplier, customer or partner. `needs`: what connects us to them."""

    name: str
    kind: PartyKind = PartyKind.SUPPLIER
    title: str = ""
    needs: Requirement = NOTHING
    description: str = ""
    recovery: timedelta | None = None
    reliability: Reliability = UNKNOWN


class EndpointCategory(StrEnum):
    """How much a cloud provider's endpoint minds detours; see the library of endpoints."""

    OPTIMIZE = "optimize"
    ALLOW = "allow"
    DEFAULT = "default"


class VpnModel(StrEnum):
    """How cloud traffic and the tunnel get on, from everything inside to no tunnel."""

    FORCED_TUNNEL = "forced-tunnel"
    FORCED_WITH_EXCEPTIONS = "forced-with-exceptions"
    FORCED_WITH_BROAD_EXCEPTIONS = "forced-with-broad-exceptions"
    SELECTIVE_TUNNEL = "selective-tunnel"
    NO_TUNNEL = "no-tunnel"


@dataclass(frozen=True, slots=True)
class Connectivity:
    """What the four connectivity principles ask of an access path; None: nobody knows.

    `tells_cloud_apart`: cloud traffic is recognised and treated differently. `egress`: the location
    where its cloud traffic enters the Internet. `via`: locations that it passes before that.
    `bypass`: endpoint categories that skip proxies and inspection.
    """

    vpn: VpnModel | None = None
    tells_cloud_apart: bool | None = None
    egress: str = ""
    via: tuple[str, ...] = ()
    bypass: tuple[EndpointCategory, ...] | None = None


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats of an access path that are kept for one group."""

    group: str
    seats: int


@dataclass(frozen=True, slots=True)
class AccessPath:
    """One way in which people at a location reach systems.

    Paths of a location are preferred in the order of the document. `needs` may name locations,
    systems and parties. `groups`: who may use it (empty: everybody). `reaches`: the systems at its
    end (empty: all). `seats`: how many people at once; they are allotted ahead to the groups that
    could come to need it (`reserved` first, the rest in proportion), so that nobody's answer rests
    on others being out.
    """

    name: str
    at: str
    needs: Requirement = NOTHING
    title: str = ""
    groups: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()
    seats: int | None = None
    reserved: tuple[Seats, ...] = ()
    connectivity: Connectivity = Connectivity()
    description: str = ""
