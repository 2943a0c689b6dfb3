"""Reads of tenancy. `access` is the only door to an organisation."""
