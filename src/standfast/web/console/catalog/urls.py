"""Addresses of the catalog's pages."""

from __future__ import annotations

from django.urls import path

from standfast.web.console.catalog import (
    component_acts,
    components,
    features,
    imports,
    services,
    tenants,
)

urlpatterns = [
    path("catalog/", services.catalog, name="catalog"),
    path("catalog/services/new/", services.new, name="service_new"),
    path("catalog/services/<slug:key>/", services.service, name="service"),
    path("catalog/services/<slug:key>/edit/", services.edit, name="service_edit"),
    path("catalog/services/<slug:key>/retire/", services.retire, name="service_retire"),
    path("catalog/services/<slug:key>/features/new/", features.new, name="feature_new"),
    path(
        "catalog/services/<slug:key>/features/<slug:feature>/", features.edit, name="feature_edit"
    ),
    path("catalog/components/", components.tree, name="components"),
    path("catalog/components/new/", component_acts.new, name="component_new"),
    path("catalog/components/<int:component_id>/", components.component, name="component"),
    path(
        "catalog/components/<int:component_id>/children/",
        components.children,
        name="component_children",
    ),
    path("catalog/components/<int:component_id>/edit/", component_acts.edit, name="component_edit"),
    path("catalog/components/<int:component_id>/move/", component_acts.move, name="component_move"),
    path(
        "catalog/components/<int:component_id>/retire/",
        component_acts.retire,
        name="component_retire",
    ),
    path("catalog/tenants/", tenants.tenants, name="tenants"),
    path("catalog/tenants/add/", tenants.add, name="tenant_add"),
    path("catalog/tenants/<slug:tenant>/", tenants.tenant, name="tenant"),
    path("catalog/tenants/<slug:tenant>/place/", tenants.place, name="tenant_place"),
    path(
        "catalog/tenants/<slug:tenant>/unsubscribe/<slug:key>/",
        tenants.unsubscribe,
        name="tenant_unsubscribe",
    ),
    path("catalog/imports/", imports.imports, name="imports"),
    path("catalog/imports/<int:import_id>/", imports.one, name="import"),
    path("catalog/imports/<int:import_id>/errors.csv", imports.errors, name="import_errors"),
]
