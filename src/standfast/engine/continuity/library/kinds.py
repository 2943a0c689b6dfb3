"""The events that ship with Standfast: their names, usual length, frequency and warning words.

Frequencies are starting points for an ordinary organisation; whoever knows better says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class EventKind(StrEnum):
    """The events of the library."""

    LAN_FAILURE = "lan-failure"
    PANDEMIC = "pandemic"
    SEVERE_WEATHER = "severe-weather"
    SECURITY_BREACH = "security-breach"
    IDENTITY_OUTAGE = "identity-outage"
    CLOUD_OUTAGE = "cloud-outage"
    WAN_CUT = "wan-cut"
    INTERNET_OUTAGE = "internet-outage"
    VPN_OVERLOAD = "vpn-overload"
    OFFICE_FIRE = "office-fire"
    FLOOD = "flood"
    POWER_CUT = "power-cut"
    STRIKE = "strike"
    RANSOMWARE = "ransomware"
    SUPPLIER_FAILURE = "supplier-failure"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is usual for a kind of event.

    `local`: it happens at a site, not everywhere at once.
    """

    title: str
    lasts: timedelta
    per_year: float
    hazards: tuple[str, ...] = ()
    local: bool = False


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


def _days(days: float) -> timedelta:
    return timedelta(days=days)


KINDS: dict[EventKind, KindFacts] = {
    EventKind.LAN_FAILURE: KindFacts("LAN failure", _hours(4), 0.5),
    EventKind.PANDEMIC: KindFacts("Pandemic", _days(56), 0.03, ("pandemic", "epidemic")),
    EventKind.SEVERE_WEATHER: KindFacts(
        "Severe weather",
        _days(2),
        0.5,
        ("snow", "blizzard", "ice", "storm", "typhoon", "hurricane", "wind"),
        local=True,
    ),
    EventKind.SECURITY_BREACH: KindFacts("Security breach", _days(2), 0.1),
    EventKind.IDENTITY_OUTAGE: KindFacts("Identity outage", _hours(4), 0.5),
    EventKind.CLOUD_OUTAGE: KindFacts("Cloud outage", _hours(6), 0.5),
    EventKind.WAN_CUT: KindFacts("WAN cut", _hours(8), 0.5),
    EventKind.INTERNET_OUTAGE: KindFacts("Internet outage", _hours(4), 0.5),
    EventKind.VPN_OVERLOAD: KindFacts("VPN overload", _hours(6), 1.0),
    EventKind.OFFICE_FIRE: KindFacts("Office fire", _days(30), 0.01, ("fire",), local=True),
    EventKind.FLOOD: KindFacts("Flood", _days(10), 0.02, ("flood", "tsunami", "rain"), local=True),
    EventKind.POWER_CUT: KindFacts("Power cut", _hours(6), 0.5, ("power",), local=True),
    EventKind.STRIKE: KindFacts("Strike", _days(3), 0.05, ("strike",)),
    EventKind.RANSOMWARE: KindFacts("Ransomware", _days(7), 0.05),
    EventKind.SUPPLIER_FAILURE: KindFacts("Supplier failure", _days(14), 0.05),
}
