"""Changes that keep an index up to date. Each carries the number of its row in the change log."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlacementChange:
    """`tenant` now has `users` users of `service` on `component`: absolute, 0 removes them."""

    number: int
    component: int
    tenant: int
    service: int
    users: int


@dataclass(frozen=True)
class ComponentChange:
    """A component was added without edges, or removed with its edges and its own placements.

    The children of a removed component stay, as roots, until an `EdgeChange` hangs them elsewhere.
    """

    number: int
    component: int
    present: bool


@dataclass(frozen=True)
class EdgeChange:
    """`child` now is, or no longer is, directly below `parent`. A move is two of these.

    A component that the index does not know yet is added by it.
    """

    number: int
    parent: int
    child: int
    linked: bool


@dataclass(frozen=True)
class SubscriptionChange:
    """`tenant` now is, or no longer is, subscribed to `service`."""

    number: int
    service: int
    tenant: int
    subscribed: bool


Change = PlacementChange | ComponentChange | EdgeChange | SubscriptionChange
