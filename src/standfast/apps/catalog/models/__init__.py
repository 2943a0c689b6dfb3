"""The stored catalog: see each module for one idea."""

from standfast.apps.catalog.models.component import Component, ComponentEdge
from standfast.apps.catalog.models.importing import PlacementImport
from standfast.apps.catalog.models.placement import CatalogChange, Placement, ServiceSubscription
from standfast.apps.catalog.models.service import Feature, Service

__all__ = [
    "CatalogChange",
    "Component",
    "ComponentEdge",
    "Feature",
    "Placement",
    "PlacementImport",
    "Service",
    "ServiceSubscription",
]
