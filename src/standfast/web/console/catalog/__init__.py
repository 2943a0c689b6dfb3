"""The catalog's pages: services, components, tenants, imports of placements."""
