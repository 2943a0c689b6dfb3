"""The three categories of Microsoft 365 endpoints, in our words: what each asks of a network.

Most of the traffic goes to few endpoints of the first category; these mind every detour.
"""

from __future__ import annotations

from dataclasses import dataclass

from standfast.engine.continuity.model.elements import EndpointCategory


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What a category is and what it asks for.

    `direct`: it should leave to the Internet near the person. `bypass`: proxies and inspection
    should let it pass. `in_tunnel`: it may stay inside of a VPN tunnel.
    """

    meaning: str
    examples: tuple[str, ...]
    direct: bool
    bypass: bool
    in_tunnel: bool


CATEGORIES: dict[EndpointCategory, CategoryFacts] = {
    EndpointCategory.OPTIMIZE: CategoryFacts(
        "Needed by every service and very sensitive to delay and loss: few addresses, run by the"
        " provider, about three quarters of the bandwidth.",
        ("mailboxes of Exchange Online", "files of SharePoint and OneDrive", "calls of Teams"),
        direct=True,
        bypass=True,
        in_tunnel=False,
    ),
    EndpointCategory.ALLOW: CategoryFacts(
        "Needed for certain services and features, less sensitive: run by the provider, addresses"
        " are published.",
        ("sign-in and consent", "protection of mail", "administration"),
        direct=True,
        bypass=True,
        in_tunnel=True,
    ),
    EndpointCategory.DEFAULT: CategoryFacts(
        "To be treated as any other traffic to the Internet: partly run by others, addresses are"
        " not published.",
        ("content networks", "certificates", "optional features"),
        direct=False,
        bypass=False,
        in_tunnel=True,
    ),
}
